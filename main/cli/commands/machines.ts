import type { ControlClient } from '../../control/client.ts';
import { plural } from '../../core/describe-units.ts';
import {
  CREDENTIAL_USES,
  type CredentialIds,
  type CredentialUse,
  draftOf,
} from '../../core/offline/machines/machine.ts';
import type { Command, CommandContext } from '../context.ts';
import { findCredential } from '../credential-name.ts';
import { writeJson, writeLines } from '../io.ts';
import { allMachines, findMachine, type ListFilter } from '../machine-name.ts';
import { type CredentialNames, changed, type DraftChange, newDraft } from '../machine-options.ts';
import { machinesView, machineView } from '../view/machines.ts';
import { plain } from '../view/style.ts';

/** A packet is sent and nobody answers; a name may have to be resolved first. */
const WAKE_TIMEOUT_MS = 30_000;

export const machinesListCommand: Command<ListFilter & { readonly json: boolean }> = async (
  { io, style, connect },
  { json, ...filter },
) => {
  const machines = await allMachines(await connect(), filter);
  if (json) await writeJson(io.stdout, machines);
  else if (machines.length === 0) await writeLines(io.stdout, ['No machines.']);
  else await writeLines(io.stdout, machinesView(style, machines));
  return 'ok';
};

interface Named {
  readonly machine: string;
}

export const machinesShowCommand: Command<Named & { readonly json: boolean }> = async (
  { io, style, connect },
  { machine: given, json },
) => {
  const machine = findMachine(await allMachines(await connect()), given);
  if (json) await writeJson(io.stdout, machine);
  else await writeLines(io.stdout, machineView(style, machine));
  return 'ok';
};

export interface AddOptions {
  readonly name: string;
  readonly host: string;
  readonly change: DraftChange;
  readonly credentials: CredentialNames;
  readonly json: boolean;
}

export const machinesAddCommand: Command<AddOptions> = async (
  context,
  { name, host, change, credentials, json },
) => {
  const client = await context.connect();
  const draft = newDraft(name, host, { ...change, ...(await credentialIds(client, credentials)) });
  const machine = await client.request('machines/put', { id: null, machine: draft });
  if (json) await writeJson(context.io.stdout, machine);
  else await say(context, `“${machine.name}” is kept.`);
  return 'ok';
};

export const machinesEditCommand: Command<Named & Omit<AddOptions, 'name' | 'host'>> = async (
  context,
  { machine: given, change, credentials, json },
) => {
  const client = await context.connect();
  const before = findMachine(await allMachines(client), given);
  const ids = await credentialIds(client, credentials);
  const draft = changed(draftOf(before), { ...change, ...ids });
  const machine = await client.request('machines/put', { id: before.id, machine: draft });
  if (json) await writeJson(context.io.stdout, machine);
  else await say(context, `“${machine.name}” is changed.`);
  return 'ok';
};

export const machinesRemoveCommand: Command<{ readonly machines: readonly string[] }> = async (
  context,
  { machines: given },
) => {
  const client = await context.connect();
  const all = await allMachines(client);
  // All are found before one is taken away.
  const ids = given.map((one) => findMachine(all, one).id);
  const { removed } = await client.request('machines/remove', { ids });
  await say(context, `${plural(removed, 'machine')} removed.`);
  return 'ok';
};

export const machinesWakeCommand: Command<Named> = async (context, { machine: given }) => {
  const client = await context.connect();
  const { id, name } = findMachine(await allMachines(client), given);
  const { address } = await client.request('machines/wake', { id }, { timeoutMs: WAKE_TIMEOUT_MS });
  await say(context, `The packet that wakes “${name}” was sent to ${address}. Whether it woke is not told.`);
  return 'ok';
};

/** A terminal cannot show a desktop: the app of this outpost opens a window. */
export const machinesConnectCommand: Command<Named> = async (context, { machine: given }) => {
  const client = await context.connect();
  const { id, name } = findMachine(await allMachines(client), given);
  await client.request('machines/connect', { id });
  await say(context, `The desktop app opens a window for “${name}”.`);
  return 'ok';
};

/** The ids of those that were named. What is taken away is taken while the vault is locked, too. */
async function credentialIds(client: ControlClient, names: CredentialNames): Promise<Partial<CredentialIds>> {
  const ids: Partial<Record<CredentialUse, string | null>> = {};
  for (const use of CREDENTIAL_USES) {
    const name = names[use];
    if (name !== undefined) ids[use] = name === '' ? null : (await findCredential(client, name)).id;
  }
  return ids;
}

async function say({ io, style }: CommandContext, sentence: string): Promise<void> {
  await writeLines(io.stdout, [plain(style, sentence)]);
}
