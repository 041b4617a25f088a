import { lookup } from 'node:dns/promises';
import type { GuardrailsDesk } from '../control/guardrails-schema.ts';
import { type Failure, SallyportError } from '../core/errors.ts';
import type { Admit } from '../core/sessions/admission.ts';
import { admitBy } from '../core/sessions/guardrails/admit.ts';
import { type WallClock, wallClockIn, wallClockOf } from '../core/sessions/guardrails/clock.ts';
import type { Resolve } from '../core/sessions/guardrails/forbidden.ts';
import { type Guardrails, readGuardrails } from '../core/sessions/guardrails/rule.ts';
import { GuardrailsStore, unusable } from '../core/sessions/guardrails/store.ts';
import { tryOut } from '../core/sessions/guardrails/try-out.ts';
import { timezoneOf } from './core-options.ts';
import { currentSettings, type SettingsSource } from './settings-source.ts';
import { writable } from './stores.ts';

/** As guacd would ask on this host, in the order in which it would try. */
const resolve: Resolve = async (name) => {
  const addresses = await lookup(name, { all: true, verbatim: true });
  return addresses.map(({ address }) => address);
};

export interface GuardedOptions {
  readonly store: GuardrailsStore;
  readonly timezone: string;
  readonly onRefused: (rule: string | null) => void;
}

/** Lets sessions in by the file of the state directory. */
export function guardrailsAdmit({ store, timezone, onRefused }: GuardedOptions): Admit {
  return admitBy({ current: () => store.current(), resolve, timezone, onRefused });
}

export interface GuardrailsDeskOptions {
  /** The one that sessions are let in by; without it the file is opened for each question. */
  readonly store?: GuardrailsStore;
  /** Hears of a change that was kept. */
  readonly onChange?: () => void;
}

/** The file of the state directory, as the control socket and the command line show and change it. */
export function guardrailsDesk(
  source: SettingsSource,
  { store: held, onChange = () => {} }: GuardrailsDeskOptions = {},
): GuardrailsDesk {
  const file = async () => held ?? new GuardrailsStore((await currentSettings(source)).paths.stateDir);
  return {
    show: async () => {
      const store = await file();
      const current = await store.current();
      return { path: store.path, text: await store.text(), failure: 'code' in current ? current : null };
    },
    check: (text) => {
      const read = readGuardrails(text);
      return read.kind === 'guardrails'
        ? { failure: null, fault: null }
        : { failure: unusable(read).toFailure(), fault: read.fault };
    },
    write: async (text) => {
      await writable(source);
      const store = await file();
      await store.write(text);
      await store.current();
      onChange();
    },
    tryOut: async ({ at, ...question }, text, signal) => {
      const { settings } = await currentSettings(source);
      const guardrails = text === undefined ? await (await file()).current() : readText(text);
      const clock = at === undefined ? wallClockIn(timezoneOf(settings))(Date.now()) : readTime(at);
      return tryOut(guardrails, { ...question, at: clock }, { resolve, signal });
    },
  };
}

function readTime(text: string): WallClock {
  const clock = wallClockOf(text);
  if (clock !== null) return clock;
  throw new SallyportError('request-invalid', `${JSON.stringify(text)} is no time.`, {
    advice: 'Give date and time as 2026-11-29T03:00, in the outpost’s time zone.',
  });
}

function readText(text: string): Guardrails | Failure {
  const read = readGuardrails(text);
  return read.kind === 'guardrails' ? read.guardrails : unusable(read).toFailure();
}
