import { appendFile, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCli } from '../../../main/cli/program.ts';
import { SallyportError } from '../../../main/core/errors.ts';
import { GuardrailsStore } from '../../../main/core/sessions/guardrails/store.ts';
import { HandedInKey } from '../../../main/core/settings/handed-in-key.ts';
import { localParts } from '../../../main/process/local.ts';
import { type TerminalOptions, terminal } from '../cli/terminal.ts';
import { folder, refusalOf } from '../settings/folder.ts';

const RULES = JSON.stringify({
  version: 1,
  otherwise: 'allow',
  rules: [
    {
      name: 'No loopback',
      action: 'deny',
      because: 'It is the jump host itself',
      targets: ['127.0.0.0/8', '::1'],
    },
  ],
});

/** A command where no outpost runs, over a real state directory. */
async function run(stateDir: string, argv: readonly string[], options: TerminalOptions = {}) {
  const io = terminal(options);
  const code = await runCli(argv, io, {
    connect: () => Promise.reject(new SallyportError('control-unreachable', 'No outpost is running here.')),
    local: () => localParts({ flags: { stateDir }, environment: {}, handedIn: new HandedInKey() }),
    run: async () => 0,
  });
  return { code, out: io.out(), err: io.err() };
}

describe('the guardrails file', () => {
  it('holds from the next session on when it is changed by hand, and lets nobody in while it is damaged', async () => {
    const store = new GuardrailsStore(await folder());
    expect(await store.current()).toMatchObject({ rules: [] });
    await store.write(RULES);
    expect(await store.current()).toMatchObject({ rules: [{ name: 'No loopback' }] });
    await appendFile(store.path, '}');
    expect(await store.current()).toMatchObject({
      code: 'settings-unreadable',
      message: expect.stringContaining('not valid JSON'),
    });
    expect(await store.text()).toBe(`${RULES}\n}`);
    await writeFile(store.path, RULES.replace('No loopback', 'Another'));
    expect(await store.current()).toMatchObject({ rules: [{ name: 'Another' }] });
  });

  it('keeps the old rules where the new ones cannot be used', async () => {
    const store = new GuardrailsStore(await folder());
    await store.write(RULES);
    await refusalOf(store.write('{"version":1,"rules":[{}]}'), 'settings-invalid');
    expect(await readFile(store.path, 'utf8')).toBe(`${RULES}\n`);
  });

  it('is for its owner alone', async () => {
    const store = new GuardrailsStore(await folder());
    await store.write(RULES);
    const { mode } = await stat(store.path);
    expect(mode & 0o777).toBe(0o600);
  });

  it('that cannot be read lets nobody in either', async () => {
    const dir = await folder();
    const store = new GuardrailsStore(dir);
    // A directory in its place: root reads everything else.
    await mkdir(join(dir, 'guardrails.json'));
    expect(await store.current()).toMatchObject({ code: expect.any(String) });
  });
});

describe('sallyport guardrails', () => {
  it('keeps, shows and checks the rules', async () => {
    const dir = await folder();
    expect(await run(dir, ['guardrails', 'set'], { input: [RULES] })).toMatchObject({ code: 0 });
    expect((await run(dir, ['guardrails', 'show'])).out).toBe(`${RULES}\n`);
    expect(await run(dir, ['guardrails', 'check'])).toMatchObject({ code: 0 });
    const wrong = await run(dir, ['guardrails', 'check', '--stdin'], {
      input: ['{"version":1,"rules":[{"name":"a"}]}'],
    });
    expect(wrong).toMatchObject({ code: 2, out: '' });
    expect(wrong.err).toContain('rule 1, “a”');
    const refused = await run(dir, ['guardrails', 'set'], { input: ['nonsense'] });
    expect(refused.err).toContain('not valid JSON');
    expect((await run(dir, ['guardrails', 'show'])).out).toBe(`${RULES}\n`);
  });

  it('says whether a session would be let in, and why', async () => {
    const dir = await folder();
    await run(dir, ['guardrails', 'set'], { input: [RULES] });
    const no = await run(dir, ['guardrails', 'test', 'ssh', '127.0.0.1', '--user', 'alice']);
    expect(no.code).toBe(1);
    expect(no.out).toContain('No loopback');
    expect(no.out).toContain('It is the jump host itself.');
    const name = await run(dir, ['guardrails', 'test', 'ssh', 'localhost:22']);
    expect(name.code).toBe(1);
    const yes = await run(dir, ['guardrails', 'test', 'ssh', '192.0.2.1', '--json']);
    expect(yes.code).toBe(0);
    expect(JSON.parse(yes.out)).toEqual({
      allowed: true,
      sentence: 'No rule speaks against it.',
      rule: null,
      address: '192.0.2.1',
      findings: [{ rule: 'No loopback', misses: 'target' }],
    });
  });

  it('says it for another time than now', async () => {
    const dir = await folder();
    const rule = {
      name: 'Not on Sundays',
      action: 'deny',
      times: [{ days: [7], from: '00:00', to: '23:59' }],
    };
    await run(dir, ['guardrails', 'set'], { input: [JSON.stringify({ version: 1, rules: [rule] })] });
    const at = (time: string) => run(dir, ['guardrails', 'test', 'ssh', '192.0.2.1', '--at', time]);
    expect(await at('2026-11-29T03:00')).toMatchObject({ code: 1 });
    expect(await at('2026-11-30 03:00')).toMatchObject({ code: 0 });
  });

  it.each([
    ['a machine that is none', ['guardrails', 'test', 'ssh', 'a:b:c'], 'is no machine'],
    ['a time that is none', ['guardrails', 'test', 'ssh', 'host', '--at', 'tomorrow'], 'is no time'],
    ['a protocol that is none', ['guardrails', 'test', 's s h', 'host'], 'no protocol'],
  ])('refuses %s with a sentence', async (_, argv, sentence) => {
    const { code, err } = await run(await folder(), argv);
    expect(code).not.toBe(0);
    expect(err).toContain(sentence);
  });
});
