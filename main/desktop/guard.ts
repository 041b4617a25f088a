import { app, type Session, session, shell, type WebContents } from 'electron';
import type { WindowKind } from '../../preload/contract/types.ts';
import { isOwnPage } from './own-page.ts';

/*
 * What no page may do, whoever wrote its script. Everything here says no, but for the few permissions that a window
 * with somebody's desktop in it needs.
 */

/** What the page of each kind of window may do that others may not; nothing else is ever granted. */
const PERMISSIONS: Readonly<Record<WindowKind, readonly string[]>> = {
  // The whole screen for a recording that is played.
  console: ['fullscreen'],
  // Both ways of the clipboard, the whole screen, and system keys while it fills the screen.
  viewer: ['clipboard-read', 'clipboard-sanitized-write', 'fullscreen', 'keyboardLock'],
};
const KINDS: readonly WindowKind[] = ['console', 'viewer'];

/** A proxy at a port that nobody listens on. */
const NOWHERE = 'socks5://127.0.0.1:1';

/** Before the app is ready. */
export function guardProcess(): void {
  // Root, as in tests and containers, may not use the sandbox of processes and says so on the command line; with
  // both, no process would start. Every window asks for the sandbox itself.
  if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
  // Chromium itself finds nobody: pages need no network, and nothing of it should ask for one.
  app.commandLine.appendSwitch('host-resolver-rules', 'MAP * ~NOTFOUND');
  app.commandLine.appendSwitch('disable-background-networking');
  app.commandLine.appendSwitch('disable-component-update');
  app.commandLine.appendSwitch('no-pings');
  app.on('web-contents-created', (_, contents) => guardContents(contents));
  // A certificate that Chromium does not like is nobody's here: it talks to nobody.
  app.on('certificate-error', (event, _contents, _url, _error, _certificate, callback) => {
    event.preventDefault();
    callback(false);
  });
  app.on('select-client-certificate', (event, _contents, _url, _list, callback) => {
    event.preventDefault();
    callback();
  });
  app.on('login', (event) => event.preventDefault());
}

/** When the app is ready; resolves when windows may be made. */
export async function guardSessions(): Promise<void> {
  app.on('session-created', (created) => void guardSession(created));
  await guardSession(session.defaultSession);
}

async function guardSession(guarded: Session): Promise<void> {
  guarded.setPermissionRequestHandler((contents, permission, callback, { isMainFrame }) =>
    callback(isMainFrame && mayDo(contents, permission)),
  );
  guarded.setPermissionCheckHandler(
    (contents, permission, _origin, { isMainFrame }) =>
      contents !== null && isMainFrame && mayDo(contents, permission),
  );
  guarded.setDevicePermissionHandler(() => false);
  // Not there in every Electron, or not on every system.
  guarded.setDisplayMediaRequestHandler?.((_request, callback) => callback({}));
  guarded.setBluetoothPairingHandler?.((_details, callback) => callback({ confirmed: false }));
  guarded.webRequest.onBeforeRequest({ urls: ['<all_urls>'] }, ({ url }, callback) =>
    callback({ cancel: !isHarmless(url) }),
  );
  guarded.on('will-download', (event) => event.preventDefault());
  // It would fetch dictionaries.
  guarded.setSpellCheckerEnabled(false);
  // WebRTC asks no content policy. It has no way but by a proxy (below), and there is none behind this one.
  await guarded.setProxy({ mode: 'fixed_servers', proxyRules: NOWHERE, proxyBypassRules: '<-loopback>' });
}

function guardContents(contents: WebContents): void {
  contents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp');
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  contents.on('will-navigate', (event) => event.preventDefault());
  contents.on('will-frame-navigate', (event) => event.preventDefault());
  contents.on('will-redirect', (event) => event.preventDefault());
  contents.on('will-attach-webview', (event, preferences) => {
    event.preventDefault();
    preferences.nodeIntegration = false;
    preferences.preload = '';
  });
  contents.on('select-bluetooth-device', (event, _devices, callback) => {
    event.preventDefault();
    callback('');
  });
  contents.on('login', (event) => event.preventDefault());
  // A page that asks whether it may be left would keep a window open for ever.
  contents.on('will-prevent-unload', (event) => event.preventDefault());
}

function mayDo(contents: WebContents, permission: string): boolean {
  const kind = KINDS.find((known) => isOwnPage(contents.getURL(), known));
  return kind !== undefined && PERMISSIONS[kind].includes(permission);
}

/** Our own pages, and what they have in their hands already. */
function isHarmless(url: string): boolean {
  return KINDS.some((kind) => isOwnPage(url, kind)) || /^(?:data:|blob:app:|devtools:)/.test(url);
}

/** Hands an address to the system's browser: https, or this machine's practice. Nothing else ever leaves. */
export async function openOutside(address: string): Promise<void> {
  const { protocol, hostname } = new URL(address);
  const loopback = protocol === 'http:' && ['127.0.0.1', '[::1]', 'localhost'].includes(hostname);
  if (protocol !== 'https:' && !loopback) throw new Error('Only https addresses are opened.');
  await shell.openExternal(address);
}
