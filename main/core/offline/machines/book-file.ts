import { randomUUID } from 'node:crypto';
import * as v from 'valibot';
import { cleanDraft } from './check.ts';
import { MACHINE_ID, type Machine } from './machine.ts';

/*
 * The address book's file: a line that says what it is, then a machine on each line. A line that cannot be read
 * says nothing about the others.
 */

const VERSION = 1;
const HEADER = JSON.stringify({ sallyport: 'machines', version: VERSION });

export type BookReading =
  | { readonly kind: 'newer'; readonly version: number }
  | { readonly kind: 'machines'; readonly machines: readonly Machine[]; readonly damaged: readonly string[] };

const headerSchema = v.object({ sallyport: v.literal('machines'), version: v.number() });
const text = v.fallback(v.string(), '');
const moment = v.fallback(v.number(), 0);

const credentialId = v.fallback(v.nullable(v.string()), null);

/** What an entry cannot do without is asked for; the rest has a fallback. `cleanDraft` then looks at each value. */
const lineSchema = v.object({
  id: v.pipe(v.string(), v.regex(MACHINE_ID)),
  name: v.string(),
  group: text,
  tags: v.fallback(v.array(v.string()), []),
  protocol: v.string(),
  host: v.string(),
  port: v.fallback(v.nullable(v.number()), null),
  user: text,
  credential: credentialId,
  gatewayCredential: credentialId,
  sftpCredential: credentialId,
  parameters: v.fallback(v.record(v.string(), v.string()), {}),
  notes: text,
  wakeAddress: text,
  guacd: text,
  createdAt: moment,
  updatedAt: moment,
});

export function readBook(content: string): BookReading {
  const machines = new Map<string, Machine>();
  const damaged: string[] = [];
  for (const line of content.split('\n')) {
    if (line.trim() === '') continue;
    const value = parse(line);
    const header = v.safeParse(headerSchema, value);
    if (header.success) {
      if (header.output.version > VERSION) return { kind: 'newer', version: header.output.version };
      continue;
    }
    const machine = readMachine(value);
    if (machine === null) damaged.push(line);
    // Somebody has copied a line: both are wanted.
    else if (machines.has(machine.id)) machines.set(randomUUID(), { ...machine });
    else machines.set(machine.id, machine);
  }
  return {
    kind: 'machines',
    machines: [...machines].map(([id, machine]) => ({ ...machine, id })),
    damaged,
  };
}

export function writeBook(machines: Iterable<Machine>): string {
  const lines = [HEADER];
  for (const machine of machines) lines.push(lineOf(machine));
  return `${lines.join('\n')}\n`;
}

/** Machines are never changed in place: of thousands, a change writes one anew. */
const WRITTEN = new WeakMap<Machine, string>();

function lineOf(machine: Machine): string {
  const known = WRITTEN.get(machine);
  if (known !== undefined) return known;
  const line = JSON.stringify(machine);
  WRITTEN.set(machine, line);
  return line;
}

/** The name in a line that cannot be read, as far as one can be made out; for people. */
export function nameInDamaged(line: string): string | null {
  const name = /"name"\s*:\s*"([^"\\]{1,60})/.exec(line)?.[1];
  return name === undefined ? null : name.replace(/\p{C}/gu, '\uFFFD');
}

function readMachine(value: unknown): Machine | null {
  const decoded = v.safeParse(lineSchema, value);
  if (!decoded.success) return null;
  const { id, createdAt, updatedAt } = decoded.output;
  try {
    return { id, ...cleanDraft(decoded.output), createdAt, updatedAt };
  } catch {
    return null;
  }
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
