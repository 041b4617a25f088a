import { afterEach, describe, expect, it } from 'vitest';
import type { AuditEvent } from '../../../main/core/audit-event.ts';
import { describeAudit } from '../../../main/core/describe-audit.ts';
import { GROUPS } from '../../../renderer/console/journal/groups.ts';
import { sayAudit } from '../../../renderer/console/journal/words.ts';
import { setLocale } from '../../../renderer/shared/i18n/translate.ts';
import { AUDIT_EVENTS } from '../audit-events.ts';

afterEach(() => setLocale('en'));

describe('the words of the journal', () => {
  it('are the core’s own in English', () => {
    for (const event of AUDIT_EVENTS) expect(sayAudit(event)).toBe(describeAudit(event));
  });

  it('are there in German for every kind', () => {
    setLocale('de');
    for (const event of AUDIT_EVENTS) {
      const words = sayAudit(event);
      expect(words, event.kind).not.toBe(describeAudit(event));
      // What is not known is said by the name of its kind.
      expect(words, event.kind).not.toBe(event.kind.replace(/-/g, ' '));
      expect(words, event.kind).not.toMatch(/undefined|null|\.$/);
    }
  });

  it('say in German why, too, where the core’s sentence has some', () => {
    setLocale('de');
    expect(
      sayAudit({ kind: 'recording-failed', recording: null, session: 's', failure: 'The vault is locked.' }),
    ).toBe('Die Aufzeichnung einer Sitzung brach ab: Der Tresor ist gesperrt');
  });

  it('say at least the kind of what a later version wrote', () => {
    setLocale('de');
    expect(sayAudit({ kind: 'moon-landed' } as unknown as AuditEvent)).toBe('moon landed');
  });

  it('are about something that one can look for', () => {
    const grouped = new Set<string>(Object.values(GROUPS).flat());
    expect(AUDIT_EVENTS.filter(({ kind }) => !grouped.has(kind))).toEqual([]);
  });
});
