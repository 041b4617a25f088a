import { type Command as Commander, Option } from 'commander';
import {
  credentialsAddCommand,
  credentialsListCommand,
  credentialsRemoveCommand,
  type ProtectionOptions,
  vaultChangeCommand,
  vaultCreateCommand,
  vaultLockCommand,
  vaultStatusCommand,
  vaultUnlockCommand,
} from './commands/vault.ts';
import type { Act } from './program-machines.ts';

type Parsed = Readonly<Record<string, unknown>>;

const JSON_OPTION = ['--json', 'for programs'] as const;

/** `sallyport vault …`. */
export function addVault(program: Commander, act: Act): void {
  const vault = program.command('vault').description('the passwords and keys of the machines, encrypted');
  const command = (name: string, description: string) => vault.command(name).description(description);
  act(
    command('status', 'say whether it is unlocked, and what opens it').option(...JSON_OPTION),
    vaultStatusCommand,
    (parsed) => ({ json: parsed['json'] === true }),
  );
  act(withProtection(command('create', 'make a vault')), vaultCreateCommand, protection);
  act(
    command('unlock', 'unlock it for the time that is set; a passphrase is asked for'),
    vaultUnlockCommand,
    () => ({}),
  );
  act(command('lock', 'lock it now'), vaultLockCommand, () => ({}));
  act(
    withProtection(command('change', 'encrypt everything anew, and change what opens it')),
    vaultChangeCommand,
    protection,
  );
  addCredentials(vault, act);
}

function addCredentials(vault: Commander, act: Act): void {
  const credentials = vault.command('credentials').description('what the vault holds');
  const command = (name: string, description: string) => credentials.command(name).description(description);
  act(command('list', 'list their names').option(...JSON_OPTION), credentialsListCommand, (parsed) => ({
    json: parsed['json'] === true,
  }));
  act(
    command('add', 'keep a credential')
      .argument('<name>')
      .option('-u, --user <name>', 'user name')
      .option('--domain <domain>', 'of Windows')
      .option('--password', 'ask for a password, or read it from standard input')
      .option('--password-file <path>', 'a file that holds the password')
      .option('--private-key <path>', 'a file with a private key, as OpenSSH or PEM')
      .option('--passphrase-file <path>', 'a file that holds the passphrase of the private key'),
    credentialsAddCommand,
    (parsed, [name = '']) => ({
      name,
      user: textOf(parsed['user']) ?? '',
      domain: textOf(parsed['domain']) ?? '',
      password: parsed['password'] === true,
      passwordFile: textOf(parsed['passwordFile']),
      privateKey: textOf(parsed['privateKey']),
      passphraseFile: textOf(parsed['passphraseFile']),
    }),
  );
  act(
    command('remove', 'remove a credential').argument('<credential>', 'its name or id'),
    credentialsRemoveCommand,
    (_, [credential = '']) => ({ credential }),
  );
}

function withProtection(command: Commander): Commander {
  return command
    .addOption(
      new Option('--by <what>', 'what opens it').choices(['passphrase', 'key-file']).default('passphrase'),
    )
    .option('--path <path>', 'of the key file, made where it is missing; else it lies beside the vault');
}

function protection(parsed: Parsed): ProtectionOptions {
  return {
    by: parsed['by'] === 'key-file' ? 'key-file' : 'passphrase',
    path: textOf(parsed['path']),
  };
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
