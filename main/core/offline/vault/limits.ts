/** Lengths are characters where nothing else is said. */
export const CREDENTIAL_LIMITS = {
  /** In one vault. */
  credentials: 2_000,
  name: 200,
  user: 256,
  domain: 256,
  password: 4_096,
  passphrase: 1_024,
} as const;

/** Bounds of a vault’s own passphrase, in characters. */
export const PASSPHRASE_LIMITS = { least: 8, most: 1_024 } as const;

/** Bytes of the whole vault’s file. */
export const MAX_VAULT_BYTES = 160 * 1024 * 1024;
