/** Host and port of `10.0.0.7:22`, `web-01`, `[fd00::1]:22`, `fd00::1`; null for what is no place. */
export function placeOf(target: string): { readonly host: string; readonly port: number | null } | null {
  const text = target.trim();
  const colons = text.split(':').length - 1;
  if (colons > 1 && !text.startsWith('[')) return { host: text, port: null };
  const found = /^(?:\[([^\]]+)\]|([^:[\]\s]+))(?::(\d{1,5}))?$/.exec(text);
  const host = found?.[1] ?? found?.[2];
  if (host === undefined || host.length > 253) return null;
  const port = found?.[3] === undefined ? null : Number(found[3]);
  return port !== null && (port < 1 || port > 65_535) ? null : { host, port };
}
