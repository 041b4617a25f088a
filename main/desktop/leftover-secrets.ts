/*
 * The last look at texts that leave this machine. By construction there is no secret in them: they are answers of
 * the control socket, which has none, and log lines, which are cleaned as they are written. This is for the day
 * on which that is wrong.
 */

const CONCEALED = '***';

const PATTERNS: readonly [pattern: RegExp, replacement: string][] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, CONCEALED],
  [/\b(Bearer|Basic)\s+[A-Za-z0-9._~+/=-]{8,}/gi, `$1 ${CONCEALED}`],
  [/\b((?:https?|wss?|socks\w{0,2}):\/\/)[^\s/?#@"']+@/gi, `$1${CONCEALED}@`],
  // JSON: "password": "…", also where it is quoted inside another text.
  [
    /(\\?["'](?:[\w-]*(?:password|passphrase|secret|private[_-]?key|token)[\w-]*)\\?["']\s*:\s*\\?["'])(?!\*{3})[^"'\\]{1,4096}/gi,
    `$1${CONCEALED}`,
  ],
  // NAME=value
  [
    /\b([A-Z_]*(?:PASSWORD|PASSPHRASE|SECRET|TOKEN|SALLYPORT_KEY)[A-Z_]*\s*=\s*)(?!\*{3})[^\s"'&]{4,}/gi,
    `$1${CONCEALED}`,
  ],
  [/\beyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]*/g, CONCEALED],
];

export function withoutSecrets(text: string): string {
  return PATTERNS.reduce((result, [pattern, replacement]) => result.replace(pattern, replacement), text);
}
