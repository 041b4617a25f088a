import { type Description, describeStatus } from './describe.ts';
import type { Moment, OutpostStatus } from './status.ts';

/** Whether a restart could do good, in the words that everyone uses for the state. */
export interface Health extends Pick<Description, 'sentence' | 'advice'> {
  readonly healthy: boolean;
}

/**
 * What a health check answers. Whoever runs containers restarts one that is unhealthy, which ends its sessions: so an
 * outpost that carries any is healthy whatever else it lacks, and so is one that somebody has stopped or drains.
 */
export function healthOf(status: OutpostStatus, now: Moment): Health {
  const { sentence, advice } = describeStatus(status, now);
  return { healthy: isBusy(status) || isAsWished(status) || takesSessions(status), sentence, advice };
}

/** Whether sessions can go through: authentik sees the outpost, and a guacd takes sessions. */
export function takesSessions({ link, guacd }: OutpostStatus): boolean {
  return link.kind === 'online' && guacd.kind === 'up' && guacd.instances.some(({ healthy }) => healthy);
}

function isBusy({ sessions }: OutpostStatus): boolean {
  return sessions.length > 0;
}

function isAsWished({ phase, wish }: OutpostStatus): boolean {
  return phase === 'draining' || phase === 'stopping' || (phase === 'stopped' && wish === 'stop');
}
