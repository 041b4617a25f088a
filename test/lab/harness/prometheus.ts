import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Ring } from '../../../main/core/base/ring.ts';
import { freePort } from '../../../practice/machines/port.ts';
import { type Program, startProgram } from '../../../practice/machines/program.ts';
import { findProgram } from '../../../practice/machines/programs.ts';

/** A value as it was scraped. */
export interface Series {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: string;
}

export interface Rule {
  readonly name: string;
  readonly state: string;
  /** `ok` where it could be evaluated. */
  readonly health: string;
  readonly lastError?: string;
}

/** How often and how long it is asked until it has what is wanted. */
const TRIES = 300;
const PAUSE_MS = 100;

/** A real Prometheus on loopback that scrapes every second. */
export class Prometheus {
  readonly #api: string;
  readonly #program: Program;
  readonly #dir: string;
  readonly #said: Ring<string>;

  private constructor(api: string, program: Program, dir: string, said: Ring<string>) {
    this.#api = api;
    this.#program = program;
    this.#dir = dir;
    this.#said = said;
  }

  /** `target` is `host:port`; `rules` a file of alert rules. Throws with what to install where it is not there. */
  static async start(target: string, rules: string): Promise<Prometheus> {
    const path = findProgram('prometheus');
    if (path === undefined) throw new Error('Install the package prometheus.');
    const dir = await mkdtemp(join(tmpdir(), 'sallyport-prometheus-'));
    const config = {
      global: { scrape_interval: '1s', evaluation_interval: '1s' },
      rule_files: [rules],
      scrape_configs: [{ job_name: 'sallyport', static_configs: [{ targets: [target] }] }],
    };
    const file = join(dir, 'prometheus.yml');
    await writeFile(file, JSON.stringify(config));
    const address = `127.0.0.1:${await freePort()}`;
    const said = new Ring<string>(30);
    const program = startProgram(
      path,
      [
        `--config.file=${file}`,
        `--storage.tsdb.path=${join(dir, 'data')}`,
        `--web.listen-address=${address}`,
      ],
      { cwd: dir, dir, log: (line) => said.push(line), graceMs: 10_000 },
    );
    return new Prometheus(`http://${address}/api/v1`, program, dir, said);
  }

  /** Asks until there is a series. */
  async query(expression: string): Promise<Series> {
    const [first] = await this.#until(`it has ${expression}`, async () => {
      const found = await this.all(expression);
      return found.length > 0 ? found : undefined;
    });
    if (first === undefined) throw new Error('Nothing was found.');
    return first;
  }

  /** What there is at this moment; nothing also where it does not answer yet. */
  async all(expression: string): Promise<Series[]> {
    const answer = await this.#get(`query?query=${encodeURIComponent(expression)}`);
    return (answer?.data?.result ?? []).map(({ metric, value }) => ({ labels: metric, value: value[1] }));
  }

  /** The rules, when each of them has been evaluated. */
  rules(): Promise<readonly Rule[]> {
    return this.#until('it has evaluated its rules', async () => {
      const rules = (await this.#get('rules'))?.data?.groups?.flatMap((group) => group.rules) ?? [];
      return rules.length > 0 && rules.every(({ health }) => health !== 'unknown') ? rules : undefined;
    });
  }

  async stop(): Promise<void> {
    await this.#program.stop();
    await rm(this.#dir, { recursive: true, force: true });
  }

  async #until<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
    for (let tries = 0; tries < TRIES; tries += 1) {
      const found = await Promise.race([look(), this.#program.ended]);
      if (found !== undefined) return found;
      await sleep(PAUSE_MS);
    }
    throw new Error(
      `Prometheus never came to where ${what}. It last said: ${this.#said.toArray().join(' | ')}`,
    );
  }

  async #get(path: string): Promise<Answer | undefined> {
    const text = await fetchText(`${this.#api}/${path}`).catch(() => undefined);
    return text === undefined ? undefined : parsed(text);
  }
}

interface Answer {
  readonly data?: {
    readonly result?: readonly {
      readonly metric: Record<string, string>;
      readonly value: [number, string];
    }[];
    readonly groups?: readonly { readonly rules: readonly Rule[] }[];
  };
}

/** Prometheus' own answers, of a version that is known: nothing to decode them strictly for. */
function parsed(text: string): Answer | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function fetchText(url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    get(url, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => resolve(text));
    }).on('error', reject);
  });
}
