import { describe, expect, it } from 'vitest';
import { trayState } from '../../../main/desktop/tray-view.ts';
import { wordsFor } from '../../../main/desktop/words/choose.ts';
import { DE } from '../../../main/desktop/words/de.ts';
import { EN } from '../../../main/desktop/words/en.ts';
import type { Words } from '../../../main/desktop/words/words.ts';
import { systemLocale } from '../../../renderer/shared/i18n/translate.ts';
import { NOW, REFUSED, statusOf } from './status.ts';

const THREE_DAYS = 3 * 86_400_000;
/** Every text of tray, notifications and dialogs, with facts put into those that take some. */
function said({ menu, notice, dialog, viewer, ...rest }: Words): Readonly<Record<string, string>> {
  return {
    ...texts('menu', menu),
    ...texts('notice', notice),
    ...texts('dialog', dialog),
    ...texts('words', rest),
    sessions: menu.sessions(3),
    moreSessions: menu.moreSessions(7),
    moreMachines: menu.moreMachines(7),
    session: menu.session('alice', 'db-01', 'ssh', THREE_DAYS),
    sessionOfNobody: menu.session(null, 'db-01', 'ssh', 0),
    quitService: menu.quit(false, 3),
    quitIdle: menu.quit(true, 0),
    quitBusy: menu.quit(true, 3),
    connectionBack: notice.connectionBack(THREE_DAYS),
    sessionStarted: notice.sessionStarted('alice', 'db-01', 'ssh'),
    sessionEnded: notice.sessionEnded('alice', 'db-01'),
    quitMessage: dialog.quit(3).message,
    quitDetail: dialog.quit(3).detail,
    stopMessage: dialog.stop(3).message,
    stopDetail: dialog.stop(3).detail,
    closeMessage: viewer.close('db-01').message,
    closeDetail: viewer.close('db-01').detail,
    watching: viewer.watching('alice'),
    outpostEnded: rest.outpostEnded('It failed.', THREE_DAYS),
  };
}

function texts(of: string, words: object): Record<string, string> {
  const plain = Object.entries(words).filter(([, text]) => typeof text === 'string');
  return Object.fromEntries(plain.map(([name, text]) => [`${of}.${name}`, text]));
}

const facts = (text: string) => text.match(/alice|db-01|\bSSH\b|\b[37]\b/g)?.sort() ?? [];

describe('what the app says outside its windows', () => {
  it('is there in both languages, with the same facts', () => {
    const german = said(DE);
    for (const [name, english] of Object.entries(said(EN))) {
      expect(german[name], name).toBeTruthy();
      if (english !== 'en') expect(german[name], name).not.toBe(english);
      expect(facts(german[name] ?? ''), name).toEqual(facts(english));
    }
  });

  it('uses the quotation marks and dashes of its language', () => {
    for (const text of Object.values(said(EN))) expect(text).not.toMatch(/["„]|'/);
    for (const text of Object.values(said(DE))) expect(text).not.toMatch(/["”]|'|\S…/);
  });

  it('says at the end what it ends', () => {
    expect(EN.dialog.quit(1)).toEqual({
      message: 'Stop the outpost and quit?',
      detail: '1 session is open. Quitting ends it.',
    });
    expect(EN.dialog.quit(3).detail).toBe('3 sessions are open. Quitting ends them.');
    expect(DE.dialog.quit(1).detail).toBe('1 Sitzung ist offen. Mit dem Beenden endet sie.');
    expect(DE.dialog.quit(3).detail).toBe('3 Sitzungen sind offen. Mit dem Beenden enden sie.');
    expect(DE.duration(2 * 86_400_000)).toBe('2 T');
  });

  it('is in the language that was chosen, else in the system’s', () => {
    expect(wordsFor('en', ['de-DE'])).toBe(EN);
    expect(wordsFor('de', ['en-GB'])).toBe(DE);
    // The page and the tray beside it must not choose differently.
    for (const system of [['de-AT'], ['fr-FR', 'de'], ['en-GB', 'en', 'de'], ['fr'], []])
      expect(wordsFor('system', system).locale).toBe(systemLocale(system));
  });

  it('says in German why something failed, as the pages do, or leaves the whole of it in English', () => {
    const waiting = { kind: 'waiting', attempt: 2, retryAt: NOW + 10_000, reason: REFUSED } as const;
    expect(DE.status(statusOf({ link: waiting, sessions: [] }), NOW)).toBe(
      'Neuer Versuch in 10 s: sso.example.org hat die Verbindung abgelehnt',
    );
    const failure = {
      code: 'connection-lost',
      message: 'The outpost ended unexpectedly (code 9). Sessions that ended with it: 3.',
      advice: 'Its log says what it did last.',
    } as const;
    const ended = { kind: 'ended', failure, retryAt: NOW + 5_000 } as const;
    expect(trayState({ outpost: ended, status: null, now: NOW }, DE).sentence).toBe(
      'Der Outpost startet in 5 s neu: Der Outpost hat sich unerwartet beendet (Code 9). Sitzungen, die mit ihm endeten: 3. Sein Protokoll sagt, was er zuletzt getan hat',
    );
    expect(DE.failure({ code: 'internal', message: 'Something new.', advice: 'Give true or false.' })).toBe(
      'Something new. Give true or false.',
    );
  });
});
