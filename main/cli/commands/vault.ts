import type { Opener, ProtectionWish } from '../../control/vault-schema.ts';
import { readBoundedFile } from '../../core/base/bounded-file.ts';
import type { Secret } from '../../core/base/secret.ts';
import { describeUntil } from '../../core/describe-units.ts';
import { SallyportError } from '../../core/errors.ts';
import type { CredentialInfo, VaultState } from '../../core/offline/vault/shapes.ts';
import type { Command, CommandContext } from '../context.ts';
import { findCredential } from '../credential-name.ts';
import { writeJson, writeLines } from '../io.ts';
import { readSecrets } from '../secret-input.ts';
import { plain } from '../view/style.ts';
import { type Column, table } from '../view/table.ts';

/** scrypt takes its time, and others may be before us. */
const SLOW = { timeoutMs: 60_000 };
const MAX_FILE_BYTES = 128 * 1024;
const NOW = 'Passphrase of the vault (it is not shown): ';
const NEW = 'New passphrase of the vault (it is not shown): ';
const AGAIN = 'Once more: ';

/** How a vault is to be opened, as the command line says it. */
export interface ProtectionOptions {
  readonly by: 'passphrase' | 'key-file';
  /** Of the key file; null: beside the vault. */
  readonly path: string | null;
}

export const vaultStatusCommand: Command<{ readonly json: boolean }> = async (context, { json }) => {
  const client = await context.connect();
  const state = await client.request('vault/state', {});
  if (json) await writeJson(context.io.stdout, state);
  else await say(context, stateSentence(state, context.io.now()));
  return 'ok';
};

export const vaultCreateCommand: Command<ProtectionOptions> = async (context, options) => {
  const client = await context.connect();
  if ((await client.request('vault/state', {})).kind !== 'none')
    throw new SallyportError('vault-refused', 'There is a vault already.', {
      advice: 'Change what opens it with `sallyport vault change`.',
    });
  const [passphrase, again] =
    options.by === 'passphrase' ? await readSecrets(context.io, newPrompts(context)) : [];
  const protection = protectionOf(options, passphrase, again);
  await client.request('vault/create', { protection }, SLOW);
  await say(context, 'The vault is there, and unlocked.');
  return 'ok';
};

export const vaultUnlockCommand: Command<object> = async (context) => {
  const client = await context.connect();
  const state = await client.request('vault/state', {});
  const [passphrase] = isTyped(state) ? await readSecrets(context.io, [NOW]) : [];
  const unlocked = await client.request('vault/unlock', { opener: openerOf(passphrase) }, SLOW);
  await say(context, stateSentence(unlocked, context.io.now()));
  return 'ok';
};

export const vaultLockCommand: Command<object> = async (context) => {
  const client = await context.connect();
  await say(context, stateSentence(await client.request('vault/lock', {}), context.io.now()));
  return 'ok';
};

export const vaultChangeCommand: Command<ProtectionOptions> = async (context, options) => {
  const client = await context.connect();
  const state = await client.request('vault/state', {});
  const prompts = [
    ...(isTyped(state) ? [NOW] : []),
    ...(options.by === 'passphrase' ? newPrompts(context) : []),
  ];
  const typed = prompts.length === 0 ? [] : await readSecrets(context.io, prompts);
  const current = isTyped(state) ? typed.shift() : undefined;
  const [next, again] = typed;
  const wish = { current: openerOf(current), next: protectionOf(options, next, again) };
  await client.request('vault/change', wish, SLOW);
  await say(context, 'Everything in the vault is encrypted anew.');
  return 'ok';
};

export const credentialsListCommand: Command<{ readonly json: boolean }> = async (context, { json }) => {
  const { credentials } = await (await context.connect()).request('vault/credentials', {});
  const { io, style } = context;
  if (json) await writeJson(io.stdout, credentials);
  else if (credentials.length === 0) await say(context, 'The vault holds nothing yet.');
  else await writeLines(io.stdout, table(style, COLUMNS, credentials));
  return 'ok';
};

export interface CredentialOptions {
  readonly name: string;
  readonly user: string;
  readonly domain: string;
  /** Asks for a password. */
  readonly password: boolean;
  /** Files that hold them; null for none. */
  readonly passwordFile: string | null;
  readonly privateKey: string | null;
  readonly passphraseFile: string | null;
}

/** Secrets come from files, from a terminal without showing them, or from standard input; never from arguments. */
export const credentialsAddCommand: Command<CredentialOptions> = async (context, options) => {
  const client = await context.connect();
  const { name, user, domain, passwordFile, privateKey, passphraseFile } = options;
  const [typed] = options.password ? await readSecrets(context.io, ['Password (it is not shown): ']) : [];
  const password = typed?.reveal() ?? (passwordFile === null ? undefined : await lineOf(passwordFile));
  const kept = await client.request(
    'vault/credential/put',
    {
      id: null,
      credential: {
        name,
        user,
        domain,
        ...(password !== undefined && { password }),
        ...(privateKey !== null && { privateKey: await textOf(privateKey) }),
        ...(passphraseFile !== null && { passphrase: await lineOf(passphraseFile) }),
      },
    },
    SLOW,
  );
  await say(context, `“${kept.name}” is kept.`);
  return 'ok';
};

export const credentialsRemoveCommand: Command<{ readonly credential: string }> = async (
  context,
  { credential: given },
) => {
  const client = await context.connect();
  const { id, name } = await findCredential(client, given);
  await client.request('vault/credential/remove', { id });
  await say(context, `“${name}” is removed.`);
  return 'ok';
};

function isTyped(state: VaultState): boolean {
  return state.kind !== 'none' && state.protection === 'passphrase';
}

/** A pipe has said it once; a person is asked twice. */
function newPrompts({ io }: CommandContext): readonly string[] {
  return io.stdin.isTTY === true ? [NEW, AGAIN] : [NEW];
}

function openerOf(passphrase: Secret | undefined): Opener {
  return passphrase === undefined
    ? { kind: 'key-file' }
    : { kind: 'passphrase', passphrase: passphrase.reveal() };
}

function protectionOf(
  { by, path }: ProtectionOptions,
  passphrase: Secret | undefined,
  again: Secret | undefined,
): ProtectionWish {
  if (by === 'key-file') return path === null ? { kind: 'key-file' } : { kind: 'key-file', path };
  if (again !== undefined && again.reveal() !== passphrase?.reveal())
    throw new SallyportError('request-invalid', 'The two passphrases are not the same.');
  return { kind: 'passphrase', passphrase: passphrase?.reveal() ?? '' };
}

function stateSentence(state: VaultState, now: number): string {
  switch (state.kind) {
    case 'none':
      return 'There is no vault.';
    case 'locked':
      return `The vault is locked; ${OPENED[state.protection]} opens it.`;
    case 'unlocked':
      return `The vault is unlocked; it locks itself in ${describeUntil(state.until - now)}.`;
    default:
      return state satisfies never;
  }
}

const OPENED = {
  passphrase: 'a passphrase',
  'key-file': 'a key file',
  keychain: 'the system’s keychain, by the desktop app,',
} as const;

const COLUMNS: readonly Column<CredentialInfo>[] = [
  { title: 'NAME', text: ({ name }) => name, shrinkTo: 12 },
  {
    title: 'USER',
    text: ({ user, domain }) => (domain === '' ? user : `${domain}\\${user}`),
    shrinkTo: 12,
  },
  {
    title: 'HOLDS',
    text: ({ hasPassword, hasPrivateKey, keyType }) =>
      [...(hasPassword ? ['password'] : []), ...(hasPrivateKey ? [keyType ?? 'private key'] : [])].join(', '),
  },
  { title: 'ID', text: ({ id }) => id },
];

async function textOf(path: string): Promise<string> {
  return (await readBoundedFile(path, MAX_FILE_BYTES)).toString('utf8');
}

/** Editors end a file with a line break, which belongs to no password. */
async function lineOf(path: string): Promise<string> {
  return (await textOf(path)).replace(/\r?\n$/, '');
}

async function say({ io, style }: CommandContext, sentence: string): Promise<void> {
  await writeLines(io.stdout, [plain(style, sentence)]);
}
