import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { startMachines } from '../../../practice/machines/start.ts';
import { startOutpost } from '../../../practice/run/outpost.ts';

/*
 * A host of its own: an SSH machine and an outpost that knows an authentik which it cannot reach. Started by its
 * test inside a network namespace, where there is nothing but loopback; ends when its standard input does.
 */

const [base = '', bundle = '', host = ''] = process.argv.slice(2);
const log: string[] = [];

async function main(): Promise<void> {
  const machines = await startMachines({
    dir: join(base, 'machines'),
    protocols: ['ssh'],
    log: (line) => log.push(line),
  });
  const dir = join(base, 'state');
  await mkdir(dir, { mode: 0o700 });
  const outpost = await startOutpost({
    command: [process.execPath, bundle],
    dir,
    host,
    token: 'a-token-of-nobody',
    log: (line) => log.push(line),
  });
  const [machine] = machines.machines;
  process.stdout.write(
    `${JSON.stringify({ stateDir: outpost.stateDir, machine, missing: machines.missing })}\n`,
  );
  await new Promise<void>((resolve) => process.stdin.once('end', resolve).resume());
  await outpost.stop();
  await machines.stop();
}

main().catch((error: unknown) => {
  process.stderr.write(
    `${error instanceof Error ? error.message : String(error)}\n${log.slice(-20).join('\n')}\n`,
  );
  process.exitCode = 1;
});
