import type { CallParams, RequestName, Value } from '../../../preload/contract/console.ts';
import type { CheckedGuardrails, ShownGuardrails } from '../../../preload/contract/guardrails.ts';

type GuardrailsRequest = Extract<RequestName, `guardrails/${string}`>;
type Handlers = { readonly [N in GuardrailsRequest]: (params: CallParams<N>) => Value<N> };

const PATH = '/var/lib/sallyport/guardrails.json';

/** What the admin of a middling company lays down. */
const SAMPLE = {
  version: 1,
  otherwise: 'allow',
  most: { inAll: 40, perUser: 4 },
  rules: [
    {
      name: 'Not the jump host itself',
      action: 'deny',
      because: 'Log in to it directly',
      targets: ['127.0.0.0/8', '::1'],
    },
    {
      name: 'Databases by day',
      action: 'allow',
      users: ['dba-*'],
      protocols: ['ssh'],
      targets: ['10.20.0.0/16:22', '*.db.example.org:22'],
      times: [{ days: [1, 2, 3, 4, 5], from: '08:00', to: '18:00' }],
      parameters: { force: { 'disable-copy': 'true' }, forbid: ['recording-*'] },
      record: 'always',
      endWithoutRecording: true,
      longestMinutes: 240,
      idleMinutes: 15,
      files: { upload: false, names: ['*.exe'] },
    },
    { name: 'No other databases', action: 'deny', targets: ['10.20.0.0/16'] },
  ],
};

const textOf = (value: object) => `${JSON.stringify(value, null, 2)}\n`;

/** `damaged`: the file was edited by hand and cannot be used; `none`: nobody has written one. */
export function fakeGuardrails(kind: () => 'sample' | 'damaged' | 'none'): Handlers {
  let kept: string | null = null;
  const first = () => {
    const text = textOf(kind() === 'none' ? { ...SAMPLE, most: {}, rules: [] } : SAMPLE);
    return kind() === 'damaged' ? text.replace('"otherwise": "allow",', '"otherwise": "allow"') : text;
  };
  return {
    'guardrails/show': (): ShownGuardrails => {
      const text = kept ?? first();
      const { failure } = check(text);
      return {
        path: PATH,
        text,
        failure: failure && {
          code: 'settings-unreadable',
          message: failure.message.replace('The guardrails', `The guardrails in ${PATH}`),
          advice:
            'No session is let in until they are mended: see Guardrails in the console, or `sallyport guardrails check`.',
        },
      };
    },
    'guardrails/check': (asked) => check(asked.text),
    'guardrails/set': (asked) => {
      kept = asked.text;
      return {};
    },
    'guardrails/test': ({ question: { host } }) => ({
      allowed: !host.startsWith('10.20.'),
      sentence: host.startsWith('10.20.')
        ? 'A rule of this jump host forbids this session: No other databases.'
        : 'No rule speaks against it.',
      rule: host.startsWith('10.20.') ? 'No other databases' : null,
      address: host,
      findings: SAMPLE.rules.map(({ name }, index) => ({
        rule: name,
        misses: index === 2 && host.startsWith('10.20.') ? null : index === 1 ? 'user' : 'target',
      })),
    }),
  };
}

/** As far as a browser can tell: the real judgement is the outpost's. */
function check(text: string): CheckedGuardrails {
  try {
    JSON.parse(text);
    return { failure: null, fault: null };
  } catch (error) {
    const why = error instanceof Error ? error.message : '';
    return {
      failure: { code: 'settings-invalid', message: `The guardrails are not valid JSON (${why}).` },
      fault: null,
    };
  }
}
