import { type ErrorCode, type Failure, SallyportError } from '../errors.ts';
import type { OfflineMode } from '../settings/kinds/offline.ts';
import type { LinkState, OfflineStatus, OutpostStatus } from '../status.ts';

/** What the admin allows; the settings `offline.*`. */
export interface OfflinePolicy {
  readonly mode: OfflineMode;
  /** With `unreachable`: how long authentik must have been out of reach, in milliseconds. */
  readonly afterMs: number;
  readonly askReason: boolean;
  readonly requirePassphrase: boolean;
  /** Null: whoever may drive this outpost. */
  readonly group: string | null;
}

/** Milliseconds of a clock that nobody sets: one that is put right at start must not open what has to wait. */
type Uptime = number;

/** Whether authentik could be asked. Only what nobody at this host has brought about counts as out of reach. */
export type Reach =
  | { readonly kind: 'reached' }
  | { readonly kind: 'out-of-reach'; readonly since: Uptime }
  /** Somebody at this host has stopped the outpost. */
  | { readonly kind: 'stopped' }
  /** authentik answers, and does not want this outpost. */
  | { readonly kind: 'turned-away' }
  /** What is set at this host keeps it from asking. */
  | { readonly kind: 'not-asked' };

/** Why a link that is down says nothing about authentik: it was never asked. */
const OUR_OWN: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'settings-invalid',
  'settings-unreadable',
  'settings-newer',
  'token-missing',
  'token-unreadable',
  'file-unreadable',
  'client-certificate',
]);

/** authentik has answered, whatever it was that the link made of it. */
const TURNED_AWAY: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'token-rejected',
  'no-outpost',
  'wrong-outpost-type',
]);

/** Follows the link. A reach that is lost again and again begins anew each time. */
export class ReachWatch {
  #reach: Reach = { kind: 'stopped' };

  get reach(): Reach {
    return this.#reach;
  }

  see({ phase, link }: Pick<OutpostStatus, 'phase' | 'link'>, now: Uptime): void {
    this.#reach = phase === 'running' ? nextReach(this.#reach, link, now) : { kind: 'stopped' };
  }
}

/** What is known of the reach when the link is in this state. */
export function nextReach(before: Reach, link: LinkState, now: Uptime): Reach {
  const lost: Reach = before.kind === 'out-of-reach' ? before : { kind: 'out-of-reach', since: now };
  switch (link.kind) {
    case 'online':
      return { kind: 'reached' };
    case 'stopped':
      return { kind: 'stopped' };
    case 'rejected':
    case 'waiting':
      if (OUR_OWN.has(link.reason.code)) return { kind: 'not-asked' };
      if (link.kind === 'rejected' || TURNED_AWAY.has(link.reason.code)) return { kind: 'turned-away' };
      return lost;
    case 'connecting':
      // A try says nothing yet; only its end does.
      return before.kind === 'turned-away' || before.kind === 'not-asked' ? before : lost;
    default:
      return link satisfies never;
  }
}

/** Whether sessions may be opened here, whoever asks. */
export function openingOf(policy: OfflinePolicy, reach: Reach, now: Uptime): OfflineStatus {
  const { mode, afterMs, askReason: asksReason, requirePassphrase: asksPassphrase } = policy;
  const say = (open: boolean, because: string): OfflineStatus => {
    return { mode, open, because, asksReason, asksPassphrase };
  };
  if (mode === 'never') return say(false, 'The settings of this host do not allow it.');
  // guacd stops with it.
  if (reach.kind === 'stopped') return say(false, 'The outpost is stopped.');
  if (mode === 'always') return say(true, 'The settings of this host allow it at any time.');
  switch (reach.kind) {
    case 'reached':
      return say(false, 'authentik can be reached, so sessions are opened there.');
    case 'turned-away':
      return say(false, 'authentik answers and turns this outpost away, so it is not out of reach.');
    case 'not-asked':
      return say(
        false,
        'What is set on this host keeps it from asking authentik, so it is not out of reach.',
      );
    case 'out-of-reach':
      return now - reach.since >= afterMs
        ? say(true, 'authentik is out of reach.')
        : say(false, 'authentik has not been out of reach for long enough.');
    default:
      return reach satisfies never;
  }
}

/** Who asks for a session, and how. */
export interface Asking {
  /** Whether the person belongs to the policy's group; of no matter where it names none. */
  readonly isMember: boolean;
  /** As it was given; null or blank for none. */
  readonly reason: string | null;
  /** How the vault is protected; null where there is none. */
  readonly protection: 'passphrase' | 'key-file' | 'keychain' | null;
  /** Whether the passphrase was typed for this very session. */
  readonly hasFreshPassphrase: boolean;
}

export const MAX_REASON_CHARACTERS = 1_024;

/** Why this session may not be opened; null where it may. */
export function refusalOf(policy: OfflinePolicy, reach: Reach, asking: Asking, now: Uptime): Failure | null {
  const opening = openingOf(policy, reach, now);
  if (!opening.open) return refused(opening.because, adviceFor(policy, reach));
  const stranger = strangerRefusal(policy, asking);
  if (stranger) return stranger;
  const reason = asking.reason?.trim() ?? '';
  if (policy.askReason && reason === '')
    return {
      code: 'reason-missing',
      message: 'A reason is asked for.',
      advice: 'Say in a few words what the session is for.',
    };
  if (reason.length > MAX_REASON_CHARACTERS)
    return refused(`The reason is longer than ${MAX_REASON_CHARACTERS} characters.`);
  if (policy.requirePassphrase && asking.protection !== 'passphrase')
    return refused(
      'The vault’s passphrase is asked for, and the vault has none.',
      asking.protection === null
        ? 'Make a vault with a passphrase first.'
        : 'Protect the vault with a passphrase.',
    );
  if (policy.requirePassphrase && !asking.hasFreshPassphrase)
    return {
      code: 'vault-locked',
      message: 'The vault’s passphrase is asked for before each session.',
      advice: 'Unlock the vault, then open the session within a minute.',
    };
  return null;
}

/** Throws the refusal, if there is one. */
export function checkAllowed(...about: Parameters<typeof refusalOf>): void {
  throwAny(refusalOf(...about));
}

/** The same for one who goes on with a session of theirs: what was allowed when it was opened is not asked again. */
export function checkMember(policy: OfflinePolicy, asking: Pick<Asking, 'isMember'>): void {
  throwAny(strangerRefusal(policy, asking));
}

function strangerRefusal({ group }: OfflinePolicy, { isMember }: Pick<Asking, 'isMember'>): Failure | null {
  if (group === null || isMember) return null;
  return refused(
    `Only members of the group “${group}” may open sessions on this host.`,
    'Ask the admin of this host to make you one.',
  );
}

function throwAny(refusal: Failure | null): void {
  if (refusal) throw new SallyportError(refusal.code, refusal.message, { advice: refusal.advice });
}

function adviceFor({ mode }: OfflinePolicy, reach: Reach): string {
  if (mode === 'never')
    return 'The admin of this host can allow it in the settings, under “Offline sessions”.';
  if (reach.kind === 'stopped') return 'Start it first.';
  if (reach.kind === 'reached') return 'Open the machine in authentik.';
  if (reach.kind === 'out-of-reach') return 'Wait a little, then try again.';
  return 'See the status of the outpost for what is wrong.';
}

function refused(message: string, advice?: string): Failure {
  return { code: 'offline-refused', message, ...(advice !== undefined && { advice }) };
}
