import { afterEach } from 'vitest';
import type { PracticeMachine } from '../../../practice/authentik/machine.ts';
import type { PracticeAuthentikOptions } from '../../../practice/authentik/options.ts';
import { PracticeAuthentik } from '../../../practice/authentik/server.ts';
import { FakeOutpost } from './fake-outpost.ts';

export const MACHINES: readonly PracticeMachine[] = [
  { name: 'shell', protocol: 'ssh', parameters: { hostname: '127.0.0.1', port: '22', password: 'secret' } },
  { name: 'desktop', protocol: 'rdp', parameters: { hostname: '127.0.0.1', 'drive-path': '/elsewhere' } },
];

const endings: (() => unknown)[] = [];

afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

/** A practice authentik that ends with the test. */
export async function practice(options: PracticeAuthentikOptions = {}): Promise<PracticeAuthentik> {
  const authentik = await PracticeAuthentik.start({ machines: MACHINES, ...options });
  endings.push(() => authentik.stop());
  return authentik;
}

/** A fake outpost that ends with the test. */
export function fakeOutpost(authentik: PracticeAuthentik): FakeOutpost {
  const outpost = new FakeOutpost(authentik);
  endings.push(() => outpost.end());
  return outpost;
}
