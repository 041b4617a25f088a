import { describe, expect, it } from 'vitest';
import type { AuditEvent } from '../../../main/core/audit-event.ts';
import { isForAuthentik } from '../../../main/core/audit-for-authentik.ts';
import { AUDIT_EVENTS } from '../audit-events.ts';
import { read, tableAfter } from './page.ts';

const ROWS = tableAfter(read('docs/journal.md'), '## What is in it').map(([kinds = '', , , told = '']) => ({
  kinds: [...kinds.matchAll(/`([^`]+)`/g)].map(([, kind = '']) => kind),
  told,
}));

/** What the page's last column says of such an event. */
function toldOf(event: AuditEvent): string {
  if ('source' in event) {
    const isTold = (source: 'authentik' | 'local') => isForAuthentik({ ...event, source });
    if (isTold('authentik') !== isTold('local')) return 'local ones';
  }
  if (event.kind === 'journal-trimmed')
    return isForAuthentik(event) && !isForAuthentik({ ...event, untold: 0 }) ? 'where any were' : '?';
  return isForAuthentik(event) ? 'yes' : 'no';
}

describe('the page about the journal', () => {
  it('has every kind of entry once', () => {
    expect(ROWS.flatMap(({ kinds }) => kinds).sort()).toEqual(AUDIT_EVENTS.map(({ kind }) => kind).sort());
  });

  it('says which of them authentik is told of', () => {
    for (const event of AUDIT_EVENTS) {
      const told = ROWS.find(({ kinds }) => kinds.includes(event.kind))?.told;
      expect(told, event.kind).toBe(toldOf(event));
    }
  });
});
