import { describe, expect, it } from 'vitest';
import { encode } from '../../../main/core/guacamole/instruction.ts';
import { until } from '../guacd/fake-guacd.ts';
import { SessionBench } from '../sessions/bench.ts';
import { FilesBench, RDP_DRIVE } from './bench.ts';

const FILES = [
  encode('filesystem', '0', 'Drive'),
  encode('file', '5', 'text/plain', 'a.txt'),
  encode('blob', '5', 'QUFB'),
];
const OTHERS = [
  encode('clipboard', '6', 'text/plain'),
  encode('blob', '6', 'QkJC'),
  encode('end', '6'),
  encode('audio', '7', 'audio/L16'),
  encode('blob', '7', 'Q0ND'),
];

describe('Guacamole’s own file streams', () => {
  it('are kept from newest authentik, which shows itself by its settings; clipboard and sound pass', async () => {
    const bench = await FilesBench.start();
    bench.ends.guacd.send(...FILES, ...OTHERS, encode('end', '5'));
    await bench.isAlive();
    const heard = bench.ends.browser.heard.toString();
    expect(heard).toContain(OTHERS.join(''));
    for (const file of FILES) expect(heard).not.toContain(file);
  });

  it('pass to an authentik of which nothing is known, and until it has shown itself', async () => {
    const { 'rac-allow-upload': _upload, 'rac-allow-download': _download, ...older } = RDP_DRIVE;
    const bench = await FilesBench.start(older);
    bench.ends.guacd.send(...FILES, encode('end', '5'));
    await bench.isAlive();
    expect(bench.ends.browser.heard.toString()).toContain(FILES.join(''));
    await bench.list();
    bench.ends.guacd.send(
      encode('file', '8', 'text/plain', 'late.txt'),
      encode('blob', '8', 'RERE'),
      ...OTHERS,
    );
    await bench.isAlive();
    const heard = bench.ends.browser.heard.toString();
    expect(heard).not.toContain('late.txt');
    expect(heard).not.toContain('RERE');
    expect(heard).toContain(OTHERS.join(''));
  });

  it('are kept from later sessions as well, once one session has shown which authentik it is', async () => {
    const bench = await SessionBench.start({ local: true });
    const { browser } = await bench.live('one', { 'drive-path': '/x', 'enable-drive': 'true' }, 'rdp');
    browser.send(`0.authentik.list.${JSON.stringify({ request: 'r'.repeat(32), path: '/' })}`);
    await until(() => browser.heard.includes('authentik.list'));
    const second = await bench.live('two');
    second.guacd.send(...FILES, ...OTHERS);
    await until(() => second.browser.heard.includes('Q0ND'));
    expect(second.browser.heard.toString()).not.toContain('filesystem');
    bench.broker.generation.forget();
    const third = await bench.live('three');
    third.guacd.send(...FILES, ...OTHERS);
    await until(() => third.browser.heard.includes('Q0ND'));
    expect(third.browser.heard.toString()).toContain('filesystem');
  });
});
