import * as v from 'valibot';
import { isReservedParameter } from './parameters.ts';
import { decodeTarget, type Target } from './target.ts';

const VERSION = 1;
const MAX_RULES = 500;

const text = v.string('is no text');
const yesOrNo = v.boolean('is neither true nor false');
/** A line for people: no controls, no line breaks. */
const words = (most: number) =>
  v.pipe(
    text,
    v.trim(),
    v.minLength(1, 'is empty'),
    v.maxLength(most, `is longer than ${most} characters`),
    v.regex(/^\P{C}*$/u, 'holds control characters'),
  );
export const ruleName = words(120);
const pattern = words(256);
const few = <T extends v.GenericSchema>(item: T) =>
  v.pipe(
    v.array(item, 'is no list'),
    v.minLength(1, 'is empty'),
    v.maxLength(256, 'has more than 256 entries'),
    v.readonly(),
  );
const whole = (least: number, most: number) => {
  const fault = `is no whole number from ${least} to ${most}`;
  return v.pipe(v.number(fault), v.integer(fault), v.minValue(least, fault), v.maxValue(most, fault));
};
const oneOf = <const T extends readonly [string, string]>(choices: T) =>
  v.picklist(choices, `is neither ${choices[0]} nor ${choices[1]}`);
/** The same words for a value that is no object at all, and for one that lacks a field or has one too many. */
const fields = ({ expected, received }: v.StrictObjectIssue) => {
  if (expected === 'never') return 'is not known here';
  return received === 'undefined' ? 'is missing' : 'has no fields';
};

const most = v.strictObject(
  {
    inAll: v.exactOptional(whole(0, 100_000)),
    perMachine: v.exactOptional(whole(0, 100_000)),
    perUser: v.exactOptional(whole(0, 100_000)),
  },
  fields,
);

const timeOfDay = v.pipe(text, v.regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'is no time of day such as 08:30'));
const parameterName = v.pipe(
  text,
  v.regex(/^[a-z0-9*][a-z0-9*_./-]{0,127}$/i, 'is no name of a connection parameter'),
);
const target = v.pipe(
  text,
  v.maxLength(320, 'is longer than 320 characters'),
  v.rawTransform<string, Target>(({ dataset, addIssue, NEVER }) => {
    const decoded = decodeTarget(dataset.value);
    if (typeof decoded !== 'string') return decoded;
    addIssue({ message: decoded });
    return NEVER;
  }),
);

const forced = v.pipe(
  v.record(parameterName, v.pipe(text, v.maxLength(8191, 'is longer than 8191 characters')), 'has no fields'),
  v.check((record) => Object.keys(record).length <= 128, 'forces more than 128 parameters'),
  v.check(
    (record) => Object.keys(record).every((name) => !name.includes('*')),
    'forces a name with “*”; only forbidden names may have one',
  ),
  v.check(
    (record) => Object.keys(record).every((name) => !isReservedParameter(name)),
    'forces where a session goes; that is what targets are for',
  ),
);

const rule = v.strictObject(
  {
    name: ruleName,
    action: oneOf(['allow', 'deny']),
    because: v.exactOptional(words(500)),
    sources: v.exactOptional(few(oneOf(['authentik', 'local']))),
    users: v.exactOptional(few(pattern)),
    protocols: v.exactOptional(
      few(v.pipe(text, v.toLowerCase(), v.regex(/^[a-z][a-z0-9-]{0,31}$/, 'is no protocol'))),
    ),
    targets: v.exactOptional(few(target)),
    times: v.exactOptional(
      few(
        v.strictObject(
          {
            days: v.exactOptional(few(whole(1, 7))),
            from: timeOfDay,
            to: timeOfDay,
          },
          fields,
        ),
      ),
    ),
    parameters: v.exactOptional(
      v.strictObject({ force: v.exactOptional(forced), forbid: v.exactOptional(few(parameterName)) }, fields),
    ),
    record: v.exactOptional(oneOf(['always', 'never'])),
    endWithoutRecording: v.exactOptional(yesOrNo),
    longestMinutes: v.exactOptional(whole(1, 60 * 24 * 366)),
    idleMinutes: v.exactOptional(whole(1, 60 * 24 * 7)),
    holdSeconds: v.exactOptional(whole(0, 86_400)),
    files: v.exactOptional(
      v.strictObject(
        {
          upload: v.exactOptional(yesOrNo),
          download: v.exactOptional(yesOrNo),
          maxBytes: v.exactOptional(whole(0, Number.MAX_SAFE_INTEGER)),
          names: v.exactOptional(few(pattern)),
        },
        fields,
      ),
    ),
    most: v.exactOptional(most),
  },
  fields,
);

/** A whole file. What is wrong is said as the rest of a sentence that begins with the field's name. */
export const guardrailsSchema = v.strictObject(
  {
    version: v.literal(VERSION, `is written for another version than ${VERSION}`),
    otherwise: v.optional(oneOf(['allow', 'deny']), 'allow'),
    most: v.optional(most, {}),
    rules: v.pipe(
      v.array(rule, 'is no list'),
      v.maxLength(MAX_RULES, `has more than ${MAX_RULES} rules`),
      v.readonly(),
    ),
  },
  fields,
);
