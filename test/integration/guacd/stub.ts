import { chmod, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder that is gone after the test; its real path. */
export async function temporaryDirectory(): Promise<{ path: string; remove: () => Promise<void> }> {
  const path = await realpath(await mkdtemp(join(tmpdir(), 'sallyport-guacd-')));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

/** What a stub does after `-v` has been dealt with; `port` is where it should listen, `log` prints like guacd. */
export const STUB_SERVES = `
  require('node:net').createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', (data) => {
      if (String(data).startsWith('6.select')) socket.write('4.args,13.VERSION_1_5_0,8.hostname;');
      if (String(data).includes('7.connect')) socket.write('5.ready,5.$stub;');
    });
  }).listen(port, '127.0.0.1', () => log('INFO:\\tListening on host 127.0.0.1, port ' + port));
`;

/** Prints like guacd and ends at once. */
export const STUB_DIES = `log('ERROR:\\tNo luck today'); process.exit(3);`;

/** An executable that stands in for guacd: a Node script whose behaviour is baked in, for its environment is bare. */
export async function writeStub(path: string, behaviour: string, version = '1.6.0'): Promise<string> {
  const script = `#!${process.execPath}
if (process.argv[2] === '-v') {
  console.log(${JSON.stringify(version === '' ? 'what is a version' : `Guacamole proxy daemon (guacd) version ${version}`)});
  process.exit(0);
}
const fs = require('node:fs');
const port = Number(process.argv[process.argv.indexOf('-l') + 1]);
const log = (line) => fs.writeSync(2, 'guacd[' + process.pid + ']: ' + line + '\\n');
${behaviour}
`;
  await writeFile(path, script);
  await chmod(path, 0o755);
  return path;
}
