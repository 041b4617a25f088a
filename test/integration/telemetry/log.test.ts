import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LOG_LEVELS } from '../../../main/core/base/logger.ts';
import { Secret } from '../../../main/core/base/secret.ts';
import { SallyportError } from '../../../main/core/errors.ts';
import { createLog, type LogOptions, MAX_LINE_BYTES } from '../../../main/core/telemetry/log.ts';
import { escapeControls } from '../../../main/core/telemetry/printable.ts';

class Collector extends Writable {
  text = '';
  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
  get lines(): string[] {
    return this.text.split('\n').slice(0, -1);
  }
}

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'sallyport-log-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

function open(options: Partial<LogOptions> = {}) {
  const stdout = new Collector();
  const file = { dir: join(dir, 'logs'), maxBytes: 1024 * 1024, keep: 3 };
  const log = createLog({
    level: 'trace',
    terminal: true,
    file,
    ringCapacity: 2000,
    stdout,
    env: {},
    ...options,
  });
  return { log, stdout, path: join(dir, 'logs', 'sallyport.log') };
}

async function linesOf(path: string): Promise<Record<string, unknown>[]> {
  const text = await readFile(path, 'utf8');
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line));
}

describe('the log', () => {
  it('writes JSON lines with authentik’s keys and fields beside them', async () => {
    const { log, path } = open();
    log.child('link', { host: 'sso.example' }).child('hello').log('warning', 'No answer', { attempt: 2 });
    await log.close();
    const [line] = await linesOf(path);
    expect(line).toEqual({
      level: 'warning',
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:]+\.\d{3}Z$/),
      logger: 'sallyport.link.hello',
      host: 'sso.example',
      attempt: 2,
      event: 'No answer',
    });
  });

  it('shows readable lines on a terminal, JSON where it is asked for, nothing where it is not', async () => {
    const readable = open();
    readable.log.child('link').log('info', 'Connected', { host: 'h' });
    const json = open({ terminal: 'json', file: null });
    json.log.log('info', 'Connected', { host: 'h' });
    const none = open({ terminal: false, file: null });
    none.log.log('info', 'Connected');
    await Promise.all([readable.log.close(), json.log.close(), none.log.close()]);
    expect(readable.stdout.lines).toEqual([
      expect.stringMatching(/^[\d:.]+ info {4}link {6}Connected host=h$/),
    ]);
    expect(JSON.parse(json.stdout.text)).toMatchObject({
      event: 'Connected',
      host: 'h',
      logger: 'sallyport',
    });
    expect(none.stdout.text).toBe('');
    expect(none.log.recent({ limit: 5 })).toHaveLength(1);
  });

  it('changes its level from one line to the next, for children too', () => {
    const { log, stdout } = open({ level: 'warning', file: null });
    const child = log.child('link');
    child.log('info', 'quiet');
    log.setLevel('debug');
    child.log('debug', 'heard');
    child.log('trace', 'quiet');
    log.setLevel('error');
    child.log('warning', 'quiet');
    expect(stdout.text).toContain('heard');
    expect(stdout.text).not.toContain('quiet');
    expect(log.level).toBe('error');
  });

  it('gives the newest lines of a level and above, and tells new ones to whoever listens', () => {
    const { log } = open({ terminal: false, file: null, ringCapacity: 4 });
    const heard: string[] = [];
    const stop = log.onLine(({ event }) => heard.push(event));
    for (const event of ['one', 'two', 'three', 'four', 'five'])
      log.log(event === 'four' ? 'error' : 'info', event);
    stop();
    log.log('info', 'six');
    expect(heard).toEqual(['one', 'two', 'three', 'four', 'five']);
    expect(log.recent({ limit: 10 }).map(({ event }) => event)).toEqual(['three', 'four', 'five', 'six']);
    expect(log.recent({ limit: 2 }).map(({ event }) => event)).toEqual(['five', 'six']);
    expect(log.recent({ level: 'warning', limit: 10 }).map(({ event }) => event)).toEqual(['four']);
    expect(log.recent({ limit: 0 })).toEqual([]);
  });

  it('goes on when a listener throws, and says so once', () => {
    const { log } = open({ terminal: false, file: null });
    log.onLine(() => {
      throw new Error('listener broke');
    });
    log.log('info', 'one');
    log.log('info', 'two');
    const events = log.recent({ limit: 10 }).map(({ event }) => event);
    expect(events).toEqual(['one', 'A listener of the log failed', 'two']);
  });

  it('has the stack of an error in JSON only', async () => {
    const { log, stdout, path } = open();
    log.log('error', 'It broke', { error: new Error('why') });
    await log.close();
    expect(stdout.text).toContain('"message":"why"');
    expect(stdout.text).not.toContain('log.test.ts');
    expect(JSON.stringify(log.recent({ limit: 1 }))).not.toContain('log.test.ts');
    expect(JSON.stringify(await linesOf(path))).toContain('log.test.ts');
  });

  it('lets nobody forge a line, a key or a colour', async () => {
    const forged = '\n{"level":"error","event":"forged"}\r\n12:00:00 error forged\u001b[2J\u009b';
    const { log, stdout, path } = open();
    const fields = {
      text: forged,
      [`a":1,"event":"forged","x`]: 1,
      nested: { [forged]: forged },
      level: 'x',
      event: 'y',
      timestamp: 'z',
      logger: 'w',
    };
    log.log('info', forged, fields);
    log.child(forged).log('info', 'second', { method: 'GET', headers: {}, socket: {} });
    await log.close();
    expect(stdout.lines).toHaveLength(2);
    expect(escapeControls(stdout.text.replace(/\n/g, ''))).toBe(stdout.text.replace(/\n/g, ''));
    expect(stdout.text).not.toContain('\u001b');
    const [first, second, ...more] = await linesOf(path);
    expect(more).toEqual([]);
    expect(first).toMatchObject({
      level: 'info',
      logger: 'sallyport',
      event_: 'y',
      level_: 'x',
      timestamp_: 'z',
      logger_: 'w',
    });
    expect(second).toMatchObject({ event: 'second', method: 'GET', headers: {}, socket: {} });
  });

  it('writes no line longer than 8 KiB, whatever is thrown at it', async () => {
    const { log, stdout, path } = open({ file: { dir: join(dir, 'logs'), maxBytes: 1024 * 1024, keep: 2 } });
    const fill = (text: string) =>
      Object.fromEntries(Array.from({ length: 80 }, (_, index) => [`key${index}`, text]));
    for (const text of [
      'x'.repeat(100_000),
      '"'.repeat(5000),
      '\u0000'.repeat(5000),
      '日'.repeat(5000),
      '\\"👋',
    ]) {
      log.child(text).log('error', text, {
        ...fill(text),
        list: Array(200).fill(fill(text)),
        error: new Error(text, { cause: fill(text) }),
      });
    }
    await log.close();
    for (const line of [...stdout.lines, ...(await readFile(path, 'utf8')).split('\n')]) {
      expect(Buffer.byteLength(line)).toBeLessThan(MAX_LINE_BYTES);
    }
    expect(await linesOf(path)).toHaveLength(5);
  });
});

describe('secrets', () => {
  // What a session and its outpost know that nobody may read.
  const values = {
    token: 'tok-5b1f6a7c8d9e',
    password: 'pä"ss\\wörd\u0001 1',
    'private-key':
      '-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEA\nAAAAB3NzaC1yc2EAAAAD\n-----END',
    passphrase: 'correct horse battery',
    'gateway-password': 'gw&pass=1?x',
    'sftp-password': 'sftp-secret-😀',
  };

  it.each(LOG_LEVELS)('get into no sink at level %s, however deep they lie', async (level) => {
    for (const terminal of [true, 'json'] as const) {
      const { log, stdout, path } = open({ terminal });
      for (const value of Object.values(values)) {
        const secret = new Secret(value);
        class Session {
          readonly settings = { password: secret };
          readonly all = new Map<unknown, unknown>([
            ['password', secret],
            [secret, new Set([secret])],
          ]);
        }
        const url = new URL(
          `wss://user:${encodeURIComponent(value)}@sso.example/ws?token=${encodeURIComponent(value)}`,
        );
        const wrapped = new SallyportError('internal', `It failed with ${secret}.`, {
          cause: Object.assign(new Error(`deep ${secret}`, { cause: { secret } }), {
            secret,
            config: { secret },
          }),
        });
        const fields = {
          secret,
          list: [[secret]],
          object: { a: { b: { c: { d: { e: secret } } } } },
          session: new Session(),
          url,
          link: url.href,
          text: `${secret}`,
          joined: [secret].join(),
          json: JSON.stringify({ secret }),
          wrapped,
          error: new AggregateError([wrapped], String(secret)),
        };
        log.log(level, `With ${secret}`, fields);
        log.child(`part ${secret}`, { secret }).log(level, `At ${url}`, fields);
      }
      await log.close();
      const seen = [stdout.text, await readFile(path, 'utf8'), JSON.stringify(log.recent({ limit: 2000 }))];
      expect(log.recent({ limit: 2000 })).toHaveLength(Object.keys(values).length * 2);
      expectNoneIn(seen);
    }
  });

  it('that were told to the log are taken out of texts that come from elsewhere', async () => {
    const { log, stdout, path } = open();
    for (const value of Object.values(values)) log.conceal(new Secret(value));
    for (const value of Object.values(values)) {
      const fields = {
        line: `guacd[7]: "${value}"`,
        error: new Error(value, { cause: value }),
        [value]: new Map([[value, value]]),
        json: JSON.stringify({ value }),
      };
      log.child(value).log('error', `guacd says ${value}`, fields);
      for (const line of value.split('\n')) log.log('info', `line ${line}`);
    }
    await log.close();
    expectNoneIn([stdout.text, await readFile(path, 'utf8'), JSON.stringify(log.recent({ limit: 2000 }))]);
  });

  function expectNoneIn(seen: readonly string[]): void {
    for (const text of seen) {
      expect(text.length).toBeGreaterThan(100);
      for (const value of Object.values(values)) {
        for (const line of value.split('\n')) {
          for (const spelling of [line, encodeURIComponent(line), JSON.stringify(line).slice(1, -1)]) {
            expect(text.includes(spelling), `${spelling} is in ${text.slice(0, 300)}`).toBe(false);
          }
        }
      }
    }
  }
});

describe('the log file', () => {
  it('is for its owner only, and never more than size times count', async () => {
    const maxBytes = 256 * 1024;
    const { log } = open({ terminal: false, file: { dir: join(dir, 'logs'), maxBytes, keep: 3 } });
    for (let index = 0; index < 2000; index += 1) {
      log.log('info', `Line ${index}`, { fill: 'x'.repeat(900) });
      if (index % 100 === 0) await log.flush();
    }
    await log.close();
    const names = (await readdir(join(dir, 'logs'))).sort();
    expect(names).toEqual(['sallyport.log', 'sallyport.log.1', 'sallyport.log.2']);
    for (const name of names) {
      const { size, mode } = await stat(join(dir, 'logs', name));
      expect(size).toBeLessThanOrEqual(maxBytes);
      expect(mode & 0o777).toBe(0o600);
    }
    expect((await stat(join(dir, 'logs'))).mode & 0o777).toBe(0o700);
    expect(log.lost).toBe(0);
    const all = (await Promise.all(names.map((name) => linesOf(join(dir, 'logs', name))))).map(
      (lines) => lines.length,
    );
    expect(all.slice(1).every((count) => count > 100)).toBe(true);
  });

  it('goes on where the last process stopped', async () => {
    for (const event of ['first', 'second']) {
      const { log } = open({ terminal: false });
      log.log('info', event);
      await log.close();
    }
    const lines = await linesOf(join(dir, 'logs', 'sallyport.log'));
    expect(lines.map(({ event }) => event)).toEqual(['first', 'second']);
  });

  it('that cannot be written is said once, and taken up again when it can', async () => {
    await mkdir(join(dir, 'logs', 'sallyport.log'), { recursive: true });
    const { log, stdout, path } = open({ retryMs: 50 });
    log.log('info', 'lost one');
    await log.flush();
    log.log('info', 'lost two');
    await log.flush();
    expect(stdout.text.match(/Log lines are being lost/g)).toHaveLength(1);
    await rm(path, { recursive: true });
    await sleep(60);
    log.log('info', 'arrived');
    await log.flush();
    await log.close();
    const events = (await linesOf(path)).map(({ event }) => event);
    expect(events).toEqual(['arrived', 'Log lines were lost']);
    expect(log.lost).toBe(3);
    expect(log.recent({ limit: 9 }).at(-1)).toMatchObject({ fields: { lost: 3 } });
  });

  it('in a folder that cannot be made costs nothing but the file', async () => {
    await writeFile(join(dir, 'logs'), 'in the way');
    const { log, stdout } = open();
    log.log('info', 'heard');
    await log.close();
    expect(stdout.text).toContain('heard');
    expect(stdout.text).toContain('Log lines are being lost');
  });
});
