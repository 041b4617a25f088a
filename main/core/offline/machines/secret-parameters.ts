const SECRET =
  /(?:^|-)(?:password|passphrase|passwd|secret|token|private-key|client-key|ssh-token)$|^goauthentik\.io\//;

/** Whether a parameter's value must never stand in the address book, whoever made the parameter up. */
export function isSecretParameter(name: string): boolean {
  return SECRET.test(name.toLowerCase());
}

/** Parameters that belong to one session of authentik's, and mean nothing in another. */
const OF_ONE_SESSION = new Set(['client-name', 'drive-path', 'create-drive-path', 'read-only']);

export function belongsToOneSession(name: string): boolean {
  return OF_ONE_SESSION.has(name) || name.startsWith('rac-') || ofGuacdsHost(name);
}

/**
 * Whether guacd would write or show files of its own host by it. What a machine shows could end up anywhere there, and
 * entries of an address book are imported from anybody.
 */
export function ofGuacdsHost(name: string): boolean {
  return /^(?:create-)?(?:recording|typescript)-|^(?:create-)?drive-path$/.test(name);
}
