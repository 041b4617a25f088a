import type { ScenarioStep } from '../scenario.ts';
import { allowed, guardrail, machines, opened, stopped } from './away.ts';
import { events, journal, nothingTwice, returned } from './back.ts';
import { ended, route, session, watched } from './before.ts';
import { playedBack } from './playback.ts';
import type { OfflineScene } from './scene.ts';

/** What an admin and a person do while authentik is there, while it is away, and when it is back. */
export const STEPS: readonly ScenarioStep<OfflineScene>[] = [
  { what: 'route', act: route, otherwise: 'The network could not be looked at.' },
  { what: 'browser session', act: session, otherwise: 'No session came about by authentik.' },
  { what: 'watching', act: watched, otherwise: 'The session could not be watched.' },
  { what: 'recorded', act: ended, otherwise: 'The session was not recorded.' },
  { what: 'authentik stopped', act: stopped, otherwise: 'The outpost did not notice.' },
  { what: 'machines and vault', act: machines, otherwise: 'The machines could not be kept.' },
  { what: 'allowed', act: allowed, otherwise: 'Sessions could not be allowed here.' },
  { what: 'SSH', act: opened('ssh'), otherwise: 'SSH did not work without authentik.' },
  { what: 'VNC', act: opened('vnc'), otherwise: 'VNC did not work without authentik.' },
  { what: 'RDP', act: opened('rdp'), otherwise: 'RDP did not work without authentik.' },
  { what: 'guardrail', act: guardrail, otherwise: 'The guardrail did not hold, or did not say so.' },
  { what: 'played back', act: playedBack, otherwise: 'The recording could not be played.' },
  { what: 'authentik back', act: returned, otherwise: 'The outpost did not come back.' },
  { what: 'event list', act: events, otherwise: 'authentik does not know what was done meanwhile.' },
  { what: 'nothing twice', act: nothingTwice, otherwise: 'authentik was told of something again.' },
  { what: 'journal', act: journal, otherwise: 'The journal does not hold.' },
];
