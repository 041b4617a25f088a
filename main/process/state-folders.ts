import { join } from 'node:path';

/* Folders in a state directory, each of one part of the outpost. */

export function journalFolder(stateDir: string): string {
  return join(stateDir, 'journal');
}

export function machinesFolder(stateDir: string): string {
  return join(stateDir, 'machines');
}

export function vaultFolder(stateDir: string): string {
  return join(stateDir, 'vault');
}
