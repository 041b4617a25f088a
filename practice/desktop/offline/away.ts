import type { Page } from 'playwright-core';
import type { MachineProtocol } from '../../machines/machine.ts';
import { untilState } from '../app-state.ts';
import { keepMachine } from '../keep-machine.ts';
import { openedBy, typesInto, untilDrawn, untilLive } from '../session-window.ts';
import { machineOf, type OfflineScene } from './scene.ts';

const STEP_MS = 60_000;
const PASSPHRASE = 'seven quiet herons';
const RULE = 'No shells today';
const BECAUSE = 'This machine is being moved.';

/** authentik stops listening, in the middle of everything. */
export async function stopped(scene: OfflineScene): Promise<string> {
  const { app, practice, control } = scene;
  const { entries } = await control.request('audit/recent', { limit: 1 });
  scene.lastBefore = entries[0]?.n ?? 0;
  await practice.authentik.setFaults({ down: true });
  const { status } = await untilState(app, (state) => state.status?.link.kind === 'waiting', STEP_MS);
  return status?.link.kind === 'waiting' ? status.link.reason.message : 'the outpost waits for it';
}

/** The admin makes a vault, and keeps three machines with what opens them. */
export async function machines(scene: OfflineScene): Promise<string> {
  const { app, control } = scene;
  await control.request('vault/create', { protection: { kind: 'passphrase', passphrase: PASSPHRASE } });
  for (const protocol of ['ssh', 'vnc', 'rdp'] as const)
    await keepMachine(control, machineOf(scene, protocol));
  const page = await app.window();
  await page.getByRole('link', { name: /^Machines/ }).click();
  const connect = page.getByRole('button', { name: /^Connect to / });
  await connect.nth(2).waitFor({ timeout: STEP_MS });
  if (await connect.first().isEnabled()) throw new Error('They can be opened before anybody has allowed it.');
  return `${await connect.count()} machines, and no way in before it is allowed`;
}

/** The admin allows it, for as long as authentik is out of reach. */
export async function allowed({ app, control }: OfflineScene): Promise<string> {
  await control.request('config/set', { key: 'offline.afterSeconds', value: '1' });
  await control.request('config/set', { key: 'offline.mode', value: 'unreachable' });
  const { status } = await untilState(app, (state) => state.status?.offline?.open === true, STEP_MS);
  return status?.offline?.because ?? '';
}

/** The admin opens the machine on the Machines page, types into its window, and closes that. */
export function opened(protocol: MachineProtocol): (scene: OfflineScene) => Promise<string> {
  return async (scene) => {
    const machine = machineOf(scene, protocol);
    const page = await connect(scene, machine.name);
    await untilLive(page);
    const colours = await untilDrawn(page);
    await typesInto(page, machine, `${protocol}-without-authentik`);
    const gone = page.waitForEvent('close');
    await page.evaluate(`void sallyportViewer.call('viewer/close', {})`).catch(() => {});
    await gone;
    // Its end is told by guacd, and stands in the journal then.
    const { status } = await untilState(scene.app, (state) => state.status?.sessions.length === 0, STEP_MS);
    if (status?.link.kind !== 'waiting') throw new Error('authentik was there all the same.');
    return `a picture in ${colours < 64 ? colours : 'many'} colours; what was typed is on the machine`;
  };
}

/** The admin forbids a machine; the window says so in the rule's own words. */
export async function guardrail(scene: OfflineScene): Promise<string> {
  const { control } = scene;
  const { name, port } = machineOf(scene, 'ssh');
  const rule = { name: RULE, action: 'deny', because: BECAUSE, targets: [`*:${port}`] };
  await control.request('guardrails/set', { text: JSON.stringify({ version: 1, rules: [rule] }) });
  const page = await connect(scene, name);
  const words = page.locator('.overlay-words');
  await words.waitFor({ timeout: STEP_MS });
  const said = (await words.locator('> *').allTextContents()).join(' ');
  if (!said.includes(BECAUSE)) throw new Error(`The window says: “${said}”`);
  await page.evaluate(`void sallyportViewer.call('viewer/close', {})`).catch(() => {});
  await control.request('guardrails/set', { text: JSON.stringify({ version: 1, rules: [] }) });
  return `the window says: “${said}”`;
}

async function connect({ app }: OfflineScene, machine: string): Promise<Page> {
  const page = await app.window();
  const button = page.getByRole('button', { name: `Connect to ${machine}` });
  return openedBy(app, () => button.click({ timeout: STEP_MS }));
}
