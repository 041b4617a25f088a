import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanDraft } from '../../../main/core/offline/machines/check.ts';
import { planImport } from '../../../main/core/offline/machines/import-plan.ts';
import { readImport } from '../../../main/core/offline/machines/import-read.ts';
import { IMPORT_FORMATS } from '../../../main/core/offline/machines/import-types.ts';

/** Pieces of the languages, so that what is made up comes near to what is real. */
const PIECES = [
  'full address:s:',
  'username:s:A\\b',
  'password 51:b:00',
  ':i:',
  'Host ',
  'HostName ',
  'Match all',
  'Include x',
  '*',
  '!',
  '"',
  '""',
  ';',
  ',',
  '\t',
  '\r\n',
  '\n',
  '\u0000',
  '\uFEFF',
  '[',
  '{"machines":[',
  '"host":"h",',
  '"protocol":"ssh"',
  'host,protocol\n',
  'ssh',
  'rdp',
  '22',
  '|1|AAAA|BBBB ssh-rsa AAAAB3NzaC1yc2E',
  '@revoked ',
  '10.0.0.7',
  '::1',
  '💥',
  '../../etc/passwd',
  '__proto__',
];

const content = fc.oneof(
  fc.uint8Array({ maxLength: 400 }),
  fc.array(fc.constantFrom(...PIECES), { maxLength: 60 }).map((parts) => Buffer.from(parts.join(''))),
  fc
    .array(fc.constantFrom(...PIECES), { maxLength: 30 })
    .map((parts) => Buffer.from(parts.join(''), 'utf16le')),
);

describe('whatever is imported', () => {
  it('is read and planned without a failure, and what would be kept is a machine', async () => {
    await fc.assert(
      fc.asyncProperty(
        content,
        fc.constantFrom(null, ...IMPORT_FORMATS),
        fc.string({ maxLength: 20 }),
        async (bytes, format, name) => {
          const reading = await readImport({ name, format, bytes });
          const { rows, entries } = await planImport([reading], [], true);
          for (const { draft } of entries.values()) expect(cleanDraft(draft)).toEqual(draft);
          expect(new Set(rows.map(({ key }) => key)).size).toBe(rows.length);
          for (const row of rows) if (row.action === 'skip') expect(row.why).toBeTruthy();
        },
      ),
      { numRuns: 400 },
    );
  });
});
