import { startDisplay } from './display.ts';
import type { Machine, MachineOptions, Parameters } from './machine.ts';

const NAME = 'Practice VNC';

/** A TigerVNC server with a terminal on its screen. Rejects with what to install, or with its own words. */
export async function startVnc(options: MachineOptions): Promise<Machine> {
  const { port, password, home, stop } = await startDisplay(options, NAME);
  const parameters: Parameters = { hostname: '127.0.0.1', port: String(port), password };
  return { name: NAME, protocol: 'vnc', port, parameters, logins: { password: parameters }, home, stop };
}
