import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SallyportError } from '../../../main/core/errors.ts';
import {
  type Environment,
  MAX_VALUE_BYTES,
  readEnvironment,
  resolveValue,
} from '../../../main/core/settings/environment.ts';
import { readFlags } from '../../../main/core/settings/flags.ts';
import { folder, refusalOf } from './folder.ts';

const read = async (env: Environment) => {
  const { values, problems } = await readEnvironment(env);
  return {
    values: Object.fromEntries([...values].map(([key, { text }]) => [key, text])),
    problems: problems.map(({ message }) => message),
  };
};

describe('the environment', () => {
  it('is read by authentik’s names and our own, and says where each value is from', async () => {
    const { values, problems } = await readEnvironment({
      AUTHENTIK_HOST: 'https://sso.example/',
      AUTHENTIK_TOKEN: ' "a-token" ',
      AUTHENTIK_INSECURE: 'true',
      AUTHENTIK_HOST_BROWSER: 'https://browser.example/',
      AUTHENTIK_LISTEN__METRICS: '0.0.0.0:9300',
      AUTHENTIK_LOG_LEVEL: 'trace',
      SALLYPORT_GUACD: 'guacd:4822',
      SALLYPORT_STATE_DIR: '/state',
      SALLYPORT_CA_FILE: '/ca.pem',
      HOME: '/home/ada',
      AUTHENTIK_OTHER: 'x',
    });
    expect(problems).toEqual([]);
    expect([...values.keys()].sort()).toEqual([
      'authentik.host',
      'authentik.hostBrowser',
      'authentik.insecure',
      'authentik.token',
      'guacd.target',
      'log.level',
      'metrics.listen',
      'stateDir',
      'trust.caFile',
    ]);
    expect(values.get('authentik.token')).toEqual({
      text: 'a-token',
      origin: { kind: 'environment', name: 'AUTHENTIK_TOKEN' },
    });
  });

  it('takes an empty value for none, as compose files leave them', async () => {
    expect(await read({ AUTHENTIK_HOST: '', AUTHENTIK_TOKEN: '  ', AUTHENTIK_LOG_LEVEL: '""' })).toEqual({
      values: {},
      problems: [],
    });
  });

  it('follows file:// to the trimmed content and env:// to another variable', async () => {
    const dir = await folder();
    const secret = join(dir, 'a secret file');
    await writeFile(secret, '\n  token-from-a-file \r\n');
    expect(
      await read({
        AUTHENTIK_TOKEN: pathToFileURL(secret).href,
        AUTHENTIK_HOST: 'env://OTHER_HOST',
        OTHER_HOST: 'https://sso.example/',
        AUTHENTIK_LOG_LEVEL: 'env://NOT_SET?debug',
        AUTHENTIK_INSECURE: `file://${dir}/none?false`,
      }),
    ).toEqual({
      values: {
        'authentik.token': 'token-from-a-file',
        'authentik.host': 'https://sso.example/',
        'log.level': 'debug',
        'authentik.insecure': 'false',
      },
      problems: [],
    });
  });

  it('says which variable refers to what is not there, and goes on with the others', async () => {
    const dir = await folder();
    await writeFile(join(dir, 'empty'), '\n');
    await mkdir(join(dir, 'folder'));
    const { values, problems } = await read({
      AUTHENTIK_TOKEN: `file://${dir}/none`,
      AUTHENTIK_HOST: 'env://NOT_SET',
      AUTHENTIK_LOG_LEVEL: `file://${dir}/empty`,
      SALLYPORT_CA_FILE: `file://${dir}/folder`,
      SALLYPORT_GUACD: 'file://relative/path',
      SALLYPORT_TIMEZONE: 'env://',
      AUTHENTIK_INSECURE: 'yes',
    });
    expect(values).toEqual({ 'authentik.insecure': 'yes' });
    expect(problems).toEqual([
      'AUTHENTIK_HOST refers to the variable "NOT_SET", which is not set.',
      `${dir}/none (named by AUTHENTIK_TOKEN) does not exist.`,
      `${dir}/folder (named by SALLYPORT_CA_FILE) is a directory, not a file.`,
      'SALLYPORT_GUACD is "file://relative/path", which names no file.',
      `${dir}/empty (named by AUTHENTIK_LOG_LEVEL) is empty.`,
      'SALLYPORT_TIMEZONE refers to env:// without a name.',
    ]);
  });

  it('follows one step and no further, so nothing goes in circles', async () => {
    const { problems } = await read({ AUTHENTIK_HOST: 'env://A', A: 'env://AUTHENTIK_HOST' });
    expect(problems).toEqual(['AUTHENTIK_HOST refers to something that refers on again.']);
  });

  it('takes values up to 64 KiB, from wherever they come, and not one byte more', async () => {
    const dir = await folder();
    const exact = 'x'.repeat(MAX_VALUE_BYTES);
    await writeFile(join(dir, 'exact'), exact);
    await writeFile(join(dir, 'more'), `${exact}x`);
    expect(await resolveValue('NAME', exact, {})).toHaveLength(MAX_VALUE_BYTES);
    expect(await resolveValue('NAME', `file://${dir}/exact`, {})).toHaveLength(MAX_VALUE_BYTES);
    for (const [value, env] of [
      [`${exact}x`, {}],
      ['env://LONG', { LONG: `${exact}x` }],
    ] as const)
      expect((await refusalOf(resolveValue('NAME', value, env), 'settings-invalid')).message).toContain(
        'longer than 65536 bytes',
      );
    const file = await refusalOf(resolveValue('NAME', `file://${dir}/more`, {}), 'file-unreadable');
    expect(file.message).toContain('longer than 65536 bytes');
  });

  it('is read from no pipe or device, which could give bytes for ever', async () => {
    const refusal = await refusalOf(
      resolveValue('AUTHENTIK_TOKEN', 'file:///dev/zero', {}),
      'file-unreadable',
    );
    expect(refusal.message).toContain('is not a regular file');
  });

  it('gives a value or one of our own refusals, whatever stands in it', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string(),
          fc.string().map((text) => `env://${text}`),
          fc.string().map((text) => `file://${text}`),
        ),
        async (text) => {
          const { problems } = await readEnvironment({ AUTHENTIK_HOST: text, AUTHENTIK_TOKEN: text });
          for (const problem of problems) expect(problem).toBeInstanceOf(SallyportError);
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('flags', () => {
  it('are read by attribute, a bare yes-or-no flag means yes, and what is no setting’s is left alone', async () => {
    const { values, problems } = await readFlags({
      authentikHost: 'https://sso.example/',
      authentikInsecure: true,
      watch: true,
      constructor: 'x',
    });
    expect(problems).toEqual([]);
    expect([...values].map(([key, { text, origin }]) => [key, text, origin.name])).toEqual([
      ['authentik.host', 'https://sso.example/', '--authentik-host'],
      ['authentik.insecure', 'true', '--authentik-insecure'],
    ]);
  });

  it('take the token out of a file, never out of argv', async () => {
    const dir = await folder();
    await writeFile(join(dir, 'token'), 'token-from-a-file\n');
    const { values } = await readFlags({ tokenFile: join(dir, 'token') });
    expect(values.get('authentik.token')?.text).toBe('token-from-a-file');
    expect((await readFlags({ token: 'in-argv' })).values.size).toBe(0);
    const { problems } = await readFlags({ tokenFile: join(dir, 'none') });
    expect(problems.map(({ message }) => message)).toEqual([
      `${dir}/none (named by --token-file) does not exist.`,
    ]);
  });

  it('that are empty, doubled or far too long are refused by name', async () => {
    const { values, problems } = await readFlags({
      guacd: ' ',
      logLevel: ['a', 'b'],
      timezone: 'x'.repeat(MAX_VALUE_BYTES + 1),
      caFile: 7,
    });
    expect(values.size).toBe(0);
    expect(problems.map(({ message }) => message)).toEqual([
      '--ca-file is 7.',
      '--guacd is empty.',
      '--log-level is a list.',
      '--timezone is longer than 65536 bytes.',
    ]);
  });
});
