import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import * as v from 'valibot';
import type { AuditEvent } from '../../../main/core/audit-event.ts';
import { silentLogger } from '../../../main/core/base/logger.ts';
import { type Failure, SallyportError } from '../../../main/core/errors.ts';
import { exportJournal } from '../../../main/desktop/audit-export.ts';
import { hashed } from '../../../main/desktop/journal-line.ts';
import { AuditTrail } from '../../../main/process/audit.ts';
import { ALL_REQUESTS } from '../../../preload/contract/requests.ts';
import { guardrailsIn } from '../../integration/control/guardrails-fixture.ts';

type Answer =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly failure: Failure };

/** The outpost's own guardrails and journal over a folder, answering a page as the app's main side does. */
export class RealDesks {
  readonly folder = mkdtempSync(join(tmpdir(), 'sallyport-desks-'));
  /** How authentik takes what it is told; null while it cannot be reached. */
  authentik: (() => Promise<void>) | null = null;
  /** No outpost answers. */
  isAway = false;
  readonly #trail: AuditTrail;

  private constructor() {
    this.#trail = new AuditTrail({
      folder: join(this.folder, 'journal'),
      maxBytes: 64 * 1024 * 1024,
      logger: silentLogger,
      isOnline: () => this.authentik !== null,
      tellAuthentik: () => this.authentik?.() ?? Promise.resolve(),
      handsOver: () => true,
      outpostName: () => 'jump',
      onChange: () => {},
    });
  }

  static async open(events: readonly AuditEvent[] = []): Promise<RealDesks> {
    const desks = new RealDesks();
    await desks.#trail.begin();
    for (const event of events) desks.#trail.record(event);
    return desks;
  }

  writeGuardrails(text: string): void {
    writeFileSync(join(this.folder, 'guardrails.json'), text, { mode: 0o600 });
  }

  record(event: AuditEvent): void {
    this.#trail.record(event);
  }

  /** The link may have changed. */
  look(): void {
    this.#trail.look();
  }

  get exported(): string {
    return join(this.folder, 'exported.jsonl');
  }

  /** To be called before the page is opened, after the stand-in for the main side was put in place. */
  async serve(page: Page): Promise<void> {
    await page.exposeFunction('askDesks', (name: string, params: unknown) => this.#answer(name, params));
    await page.addInitScript(() => {
      const fake = Reflect.get(window, 'sallyport');
      const call = fake.call.bind(fake);
      fake.call = async (name: string, params: unknown) => {
        if (!/^(?:guardrails|audit)\//.test(name)) return call(name, params);
        fake.calls.push({ name, params });
        return Reflect.get(window, 'askDesks')(name, params);
      };
    });
    this.#trail.onEntry((entry) => {
      const told = { entry: hashed(entry), missed: 0, handOver: this.#trail.handOver };
      page
        .evaluate((event) => Reflect.get(window, 'sallyport').emit('audit/entry', event), told)
        // The page may be going away.
        .catch(() => {});
    });
    this.#trail.onHandOver(() => {
      page
        .evaluate(
          (handOver) => Reflect.get(window, 'sallyport').emit('audit/hand-over', handOver),
          this.#trail.handOver,
        )
        .catch(() => {});
    });
  }

  async close(): Promise<void> {
    await this.#trail.end();
    rmSync(this.folder, { recursive: true, force: true });
  }

  async #answer(name: string, params: unknown): Promise<Answer> {
    try {
      if (this.isAway) throw new SallyportError('not-running', 'The outpost is not running.');
      return { ok: true, value: await this.#value(name, params) };
    } catch (error) {
      return { ok: false, failure: SallyportError.from(error, 'The request').toFailure() };
    }
  }

  async #value(name: string, params: unknown): Promise<unknown> {
    if (name === 'audit/recent') {
      const filter = v.parse(ALL_REQUESTS['audit/recent'].params, params);
      const entries = await this.#trail.recent(filter);
      return { entries: entries.map(hashed), handOver: this.#trail.handOver };
    }
    if (name === 'audit/export') {
      const search = v.parse(ALL_REQUESTS['audit/export'].params, params);
      const read = (from: number, limit: number) => this.#trail.page({ from, limit });
      return { path: this.exported, entries: await exportJournal(this.exported, read, search) };
    }
    return this.#guardrails(name, params);
  }

  #guardrails(name: string, params: unknown): unknown {
    const desk = guardrailsIn(this.folder);
    switch (name) {
      case 'guardrails/show':
        return desk.show();
      case 'guardrails/check':
        return desk.check(v.parse(ALL_REQUESTS['guardrails/check'].params, params).text);
      case 'guardrails/set':
        return desk.write(v.parse(ALL_REQUESTS['guardrails/set'].params, params).text).then(() => ({}));
      case 'guardrails/test': {
        const { question, text } = v.parse(ALL_REQUESTS['guardrails/test'].params, params);
        return desk.tryOut(question, text, new AbortController().signal);
      }
      default:
        throw new SallyportError('request-invalid', `Nobody answers ${name}.`);
    }
  }
}
