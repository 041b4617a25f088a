import { describe, expect, it } from 'vitest';
import { encode } from '../../../main/core/guacamole/instruction.ts';
import { until } from '../guacd/fake-guacd.ts';
import { SessionBench } from '../sessions/bench.ts';

const TOKEN = 'a-token-that-nobody-may-see';
const AGENT = {
  username: 'ada',
  'goauthentik.io/rac/ssh-token': TOKEN,
  'goauthentik.io/rac/ssh-host-key': 'a-host-key',
};

describe('a login that authentik’s agent decides', () => {
  it('reaches a guacd that can use certificates as a key and a certificate, and as nothing else', async () => {
    const bench = await SessionBench.start();
    const names = ['VERSION_1_5_0', 'hostname', 'private-key', 'public-key', ...Object.keys(AGENT)];
    bench.guacd.onSelect = (end) => end.send(encode('args', ...names));
    bench.open('one', AGENT);
    await until(() => bench.broker.sessions.at(-1)?.state === 'live');
    const connect = bench.guacd.ends[0]?.handshake.find(([opcode]) => opcode === 'connect') ?? [];
    const value = (name: string) => connect[1 + names.indexOf(name)];
    expect(value('private-key')).toMatch(
      /^-----BEGIN OPENSSH PRIVATE KEY-----\n[\s\S]+\n-----END OPENSSH PRIVATE KEY-----\n$/,
    );
    expect(value('public-key')).toMatch(/^ssh-ed25519-cert-v01@openssh\.com [A-Za-z0-9+/=]+\n$/);
    expect(value('username')).toBe('ada');
    expect(value('goauthentik.io/rac/ssh-token')).toBe('');
    expect(value('goauthentik.io/rac/ssh-host-key')).toBe('');
    expect(bench.broker.sessions[0]?.parameters.join()).not.toContain('goauthentik.io');
  });

  it('keeps token, key and certificate out of the log for as long as the session lives', async () => {
    const bench = await SessionBench.start();
    bench.guacd.onSelect = (end) => end.send(encode('args', 'VERSION_1_5_0', 'hostname', 'public-key'));
    bench.open('one', AGENT);
    await until(() => bench.broker.sessions.at(-1)?.state === 'live');
    const concealed = [...bench.concealed].map((secret) => secret.reveal());
    expect(concealed).toContain(TOKEN);
    expect(concealed.some((secret) => secret.includes('PRIVATE KEY'))).toBe(true);
    expect(concealed.some((secret) => secret.startsWith('ssh-ed25519-cert'))).toBe(true);
  });

  it('is told to the person where guacd cannot use certificates', async () => {
    const bench = await SessionBench.start();
    bench.open('one', AGENT);
    const { sentence, status } = await bench.farewell();
    expect(sentence).toContain('which this guacd cannot use for SSH');
    expect(status).toBe(0x0100);
  });

  it('is told to the person where authentik names nobody', async () => {
    const bench = await SessionBench.start();
    bench.open('one', { ...AGENT, username: '' });
    expect((await bench.farewell()).sentence).toContain('did not say who logs in');
  });

  it('is left out of every other protocol without a word', async () => {
    const bench = await SessionBench.start();
    bench.guacd.onSelect = (end) =>
      end.send(encode('args', 'VERSION_1_5_0', 'hostname', 'goauthentik.io/rac/ssh-token'));
    bench.open('one', AGENT, 'vnc');
    await until(() => bench.broker.sessions.at(-1)?.state === 'live');
    expect(bench.guacd.ends[0]?.handshake.flat().join()).not.toContain(TOKEN);
  });
});
