import { type BrowserWindow, dialog } from 'electron';
import type { Words } from './words/words.ts';

/** What a person wants done with the sessions that are open. */
export type SessionsChoice = 'end' | 'drain' | 'cancel';

/** Asks before something ends open sessions; without any, nothing is asked. */
export async function askAboutSessions(
  sessions: number,
  what: 'quit' | 'stop',
  words: Words,
  window: BrowserWindow | null,
): Promise<SessionsChoice> {
  if (sessions === 0) return 'end';
  const { dialog: said } = words;
  const { message, detail } = what === 'quit' ? said.quit(sessions) : said.stop(sessions);
  const buttons =
    what === 'quit'
      ? [said.quitNow, said.drainAndQuit, said.cancel]
      : [said.stopNow, said.drain, said.cancel];
  const options = {
    type: 'warning',
    message,
    detail,
    buttons,
    defaultId: 2,
    cancelId: 2,
    noLink: true,
  } as const;
  const { response } = await (window
    ? dialog.showMessageBox(window, { ...options, buttons: [...buttons] })
    : dialog.showMessageBox({ ...options, buttons: [...buttons] }));
  return (['end', 'drain', 'cancel'] as const)[response] ?? 'cancel';
}
