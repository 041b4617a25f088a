import type { Params } from '../../preload/contract/console.ts';
import { type ControlClient, connectControl } from '../control/client.ts';
import type { Proposal } from '../control/trust-schema.ts';
import type { DoctorStep } from '../core/doctor/step.ts';
import type { AppContext } from './app-context.ts';
import type { CallHandlers } from './ipc.ts';
import { readSnippet } from './snippet.ts';

/** Minutes in milliseconds: a server that answers nothing keeps the doctor busy that long. */
const DOCTOR_MS = 180_000;
const CERTIFICATE_MS = 30_000;

type OutpostCalls = Pick<
  CallHandlers,
  | 'outpost/start'
  | 'outpost/stop'
  | 'outpost/retry'
  | 'outpost/restart'
  | 'outpost/config'
  | 'session/end'
  | 'log/recent'
  | 'config/show'
  | 'config/check'
  | 'config/set'
  | 'config/unset'
  | 'traffic'
  | 'token/set'
  | 'token/remove'
  | 'doctor/run'
  | 'doctor/cancel'
  | 'certificate/show'
  | 'certificate/trust'
  | 'certificate/pin'
  | 'snippet/read'
  | 'app/versions'
>;

/** The requests that the outpost answers: handed on over the control socket. */
export function outpostCalls({ desk, ipc, tokens, settingsChanged }: AppContext): OutpostCalls {
  const control = () => desk.host.control;
  const doctor = new DoctorCall();
  return {
    'outpost/start': () => control().request('start', {}),
    'outpost/stop': ({ drain }) => control().request('stop', { drain }, { timeoutMs: 30_000 }),
    'outpost/retry': async () => {
      if (desk.link.kind === 'ended') desk.host.retryNow();
      else await control().request('retry', {});
      return {};
    },
    'outpost/restart': async () => {
      await desk.host.restart();
      return {};
    },
    'session/end': ({ id }) => control().request('end', { id }),
    'log/recent': (filter) => control().request('log', filter),
    'config/show': () => control().request('config/show', {}),
    'config/check': (pair) => control().request('config/check', pair),
    'config/set': (pair) => control().request('config/set', pair).finally(settingsChanged),
    'config/unset': ({ key }) => control().request('config/unset', { key }).finally(settingsChanged),
    'outpost/config': () => control().request('outpost/config', {}),
    traffic: () => control().request('traffic', {}),
    'token/set': async (given) => {
      const token = 'token' in given ? given.token : tokens.reveal(given.tokenId);
      await control().request('token/set', { token }).finally(settingsChanged);
      return {};
    },
    'token/remove': () => control().request('token/remove', {}).finally(settingsChanged),
    'doctor/run': ({ proposed }) =>
      doctor.run(
        desk.host.address,
        proposed === undefined ? undefined : proposalOf(proposed, (id) => tokens.reveal(id)),
        (step) => ipc().tell('doctor/step', step),
      ),
    'doctor/cancel': () => {
      doctor.cancel();
      return {};
    },
    'certificate/show': ({ host }) =>
      control().request('certificate', { host }, { timeoutMs: CERTIFICATE_MS }),
    'certificate/trust': ({ pem }) => control().request('trust/ca', { pem }),
    'certificate/pin': ({ fingerprint }) => control().request('trust/pin', { fingerprint }),
    'snippet/read': ({ text }) => {
      const { host, token, insecure } = readSnippet(text);
      return {
        host,
        insecure,
        hasToken: token !== null,
        tokenId: token === null ? null : tokens.keep(token),
      };
    },
    'app/versions': () => control().request('versions', {}),
  };
}

/** The doctor has a connection of its own for each look: closing it sends the doctor away, whatever he is at. */
class DoctorCall {
  #client: ControlClient | null = null;

  async run(address: string, proposed: Proposal | undefined, onStep: (step: DoctorStep) => void) {
    this.cancel();
    const client = await connectControl(address);
    this.#client = client;
    client.on('doctor/step', onStep);
    try {
      return await client.request('doctor', proposed === undefined ? {} : { proposed }, {
        timeoutMs: DOCTOR_MS,
      });
    } finally {
      client.close();
      if (this.#client === client) this.#client = null;
    }
  }

  cancel(): void {
    this.#client?.close();
    this.#client = null;
  }
}

function proposalOf(
  { tokenId, token, ...rest }: NonNullable<Params<'doctor/run'>['proposed']>,
  reveal: (id: string) => string,
): Proposal {
  const typed = token === '' ? undefined : token;
  const chosen = typed ?? (tokenId === undefined ? undefined : reveal(tokenId));
  return { ...rest, ...(chosen === undefined ? {} : { token: chosen }) };
}
