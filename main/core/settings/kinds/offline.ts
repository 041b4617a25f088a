import { textKind, wrong } from '../kind.ts';

/** When sessions may be opened at this host, without authentik. */
export const OFFLINE_MODES = ['never', 'unreachable', 'always'] as const;
export type OfflineMode = (typeof OFFLINE_MODES)[number];

export const offlineMode = textKind<OfflineMode>({
  expects: `one of ${OFFLINE_MODES.join(', ')}`,
  input: { kind: 'choice', choices: OFFLINE_MODES },
  read(text, field) {
    const mode = OFFLINE_MODES.find((known) => known === text.toLowerCase());
    if (mode === undefined) throw wrong(offlineMode, field, text);
    return mode;
  },
  write: (mode) => mode,
});

/** A group of the system, by name. */
export const systemGroup = textKind<string>({
  expects: 'the name of a group of this system, such as jumphost-admins',
  read(text, field) {
    if (!/^[A-Za-z_][\w.-]{0,62}\$?$/.test(text)) throw wrong(systemGroup, field, text);
    return text;
  },
  write: (name) => name,
});
