import * as v from 'valibot';
import { NO_OBJECT, readList } from './import-list.ts';
import type { Candidate, Reading } from './import-types.ts';
import { MACHINE_ID } from './machine.ts';
import { ParameterIntake } from './parameter-intake.ts';

const text = v.fallback(v.string(), '');

/** As `export.ts` writes it. What is no text is taken as missing, and then judged like any other machine. */
const entrySchema = v.object({
  id: v.exactOptional(v.fallback(v.string(), '')),
  name: text,
  group: text,
  tags: v.fallback(v.array(v.string()), []),
  protocol: text,
  host: text,
  port: v.fallback(v.nullable(v.number()), null),
  user: text,
  parameters: v.fallback(v.record(v.string(), v.string()), {}),
  notes: text,
  wakeAddress: text,
  guacd: text,
});

/** The machines of our own export: each value as it was, without guessing what it could mean. */
export function readOwn(machines: readonly unknown[], fileName: string): Promise<Reading> {
  return readList(machines, fileName, (item, origin) => {
    const decoded = v.safeParse(entrySchema, item);
    return decoded.success ? { candidate: candidateOf(decoded.output, origin) } : NO_OBJECT;
  });
}

function candidateOf(entry: v.InferOutput<typeof entrySchema>, origin: string): Candidate {
  const { id = '', name, group, tags, protocol, host, port, user, notes, wakeAddress, guacd } = entry;
  const intake = new ParameterIntake({ isOwn: true });
  for (const [parameter, value] of Object.entries(entry.parameters)) intake.take(parameter, value);
  return {
    origin,
    ...(MACHINE_ID.test(id) && { id }),
    draft: {
      ...{ name, protocol, host, port, tags, parameters: intake.parameters },
      ...(user !== '' && { user }),
      ...(group !== '' && { group }),
      ...(notes !== '' && { notes }),
      ...(wakeAddress !== '' && { wakeAddress }),
      ...(guacd !== '' && { guacd }),
    },
    credentials: intake.credentials,
    aliases: [],
    notes: intake.notes,
  };
}
