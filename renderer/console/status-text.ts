import { describeGuacd, describeLink, describeMetrics, describeStatus } from '../../main/core/describe.ts';
import { countSessions } from '../../main/core/describe-session.ts';
import type { AppState, Versions } from '../../preload/contract/types.ts';

/** The state as text for a ticket: in English whatever the window speaks, the same words as the command line's. */
export function statusText(app: AppState | null, versions: Versions | null, now: number): string {
  const lines = [`Sallyport ${app?.version ?? ''}, ${new Date(now).toISOString()}`];
  const status = app?.status;
  if (status) {
    const { sentence, advice } = describeStatus(status, now);
    lines.push(sentence);
    if (advice !== null) lines.push(advice);
    lines.push(
      `Event websocket: ${describeLink(status.link, now)}`,
      `guacd: ${describeGuacd(status.guacd, now)}`,
      `Metrics: ${describeMetrics(status.metrics)}`,
      `Sessions: ${countSessions(status.sessions)} of at most ${status.sessionLimit}`,
      ...status.warnings.map(({ message }) => `Warning: ${message}`),
    );
  } else if (app?.outpost.kind === 'ended')
    lines.push(`The outpost has ended: ${app.outpost.failure.message}`);
  if (versions)
    lines.push(
      `Electron ${app?.electron ?? ''}, Node.js ${versions.node}, OpenSSL ${versions.openssl}, guacd ${versions.guacd ?? 'unknown'}, ${versions.platform} ${versions.arch}`,
    );
  return lines.join('\n');
}
