import type { ControlClient } from '../../control/client.ts';
import type { Result } from '../../control/contract.ts';
import { fileToUpload, uploadFiles } from '../../control/machines-upload.ts';
import { plural } from '../../core/describe-units.ts';
import { SallyportError } from '../../core/errors.ts';
import type { Command, CommandContext } from '../context.ts';
import { writeJson, writeLines } from '../io.ts';
import { readSecret } from '../secret-input.ts';
import { failureLines } from '../view/failure.ts';
import { planView } from '../view/machines.ts';
import { outcomeSign } from '../view/symbols.ts';

type Preview = Result<'machines/import/preview'>;
type Format = Parameters<typeof fileToUpload>[1];

/** Thousands of entries are read and compared; authentik gives a hundred at a time. */
const READ_TIMEOUT_MS = 180_000;

export interface ImportOptions {
  readonly files: readonly string[];
  readonly format: Format;
  readonly authentik: boolean;
  readonly dryRun: boolean;
  readonly json: boolean;
}

/** Shows what an import does, and does it unless told not to. */
export const machinesImportCommand: Command<ImportOptions> = async (context, options) => {
  const { io, style } = context;
  const client = await context.connect();
  const preview = options.authentik
    ? await fromAuthentik(context, client)
    : await fromFiles(context, client, options);
  const { rows } = preview;
  if (options.dryRun) {
    await client.request('machines/import/forget', { import: preview.import });
    if (options.json) await writeJson(io.stdout, rows);
    else await writeLines(io.stdout, [...planView(style, rows), '', 'Nothing was changed.']);
    return 'ok';
  }
  const result = await client.request(
    'machines/import/apply',
    { import: preview.import, leave: [] },
    { timeoutMs: READ_TIMEOUT_MS },
  );
  const { added, changed, skipped, credentials, failure } = result;
  if (options.json) await writeJson(io.stdout, { rows, ...result });
  else
    await writeLines(io.stdout, [
      ...planView(style, rows),
      '',
      `${plural(added, 'machine')} added, ${changed} changed, ${skipped} left out; ${plural(credentials, 'credential')} kept in the vault.`,
    ]);
  if (failure) await writeLines(io.stderr, failureLines(style, outcomeSign(style, 'warned'), failure));
  // Where nothing of it could be used, a script has to hear of it.
  return rows.some(({ action }) => action !== 'skip') || rows.every(({ why }) => why?.includes('already'))
    ? 'ok'
    : 'failed';
};

async function fromFiles(
  context: CommandContext,
  client: ControlClient,
  { files, format }: ImportOptions,
): Promise<Preview> {
  if (files.length === 0)
    throw new SallyportError('request-invalid', 'No file to import was named.', {
      advice: 'Name .rdp, CSV or JSON files, ~/.ssh/config or ~/.ssh/known_hosts, or give --authentik.',
    });
  const id = await uploadFiles(
    client,
    files.map((path) => fileToUpload(path, format)),
  );
  const preview = await client.request(
    'machines/import/preview',
    { import: id },
    { timeoutMs: READ_TIMEOUT_MS },
  );
  if (!preview.sealed) return preview;
  const passphrase = await readSecret(context.io, 'Passphrase of the export (empty input ends): ');
  return client.request(
    'machines/import/preview',
    { import: id, passphrase: passphrase.reveal() },
    { timeoutMs: READ_TIMEOUT_MS },
  );
}

async function fromAuthentik({ io }: CommandContext, client: ControlClient): Promise<Preview> {
  const token = await readSecret(io, 'API token of an authentik admin (it is not shown, and not kept): ');
  return client.request(
    'machines/import/authentik',
    { token: token.reveal() },
    { timeoutMs: READ_TIMEOUT_MS },
  );
}

/** All machines as JSON on standard output. */
export const machinesExportCommand: Command<{ readonly secrets: boolean }> = async (context, { secrets }) => {
  const client = await context.connect();
  const passphrase = secrets ? await readSecret(context.io, 'Passphrase for the secrets in it: ') : null;
  const { text, machines, credentials } = await client.request(
    'machines/export',
    passphrase === null ? {} : { passphrase: passphrase.reveal() },
    { timeoutMs: READ_TIMEOUT_MS },
  );
  await new Promise<void>((resolve) => context.io.stdout.write(text, () => resolve()));
  const said = secrets ? `, ${plural(credentials, 'credential')} sealed` : ', no secrets';
  await writeLines(context.io.stderr, [`${plural(machines, 'machine')}${said}.`]);
  return 'ok';
};
