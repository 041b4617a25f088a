import type { Moment, Protocol } from '../../status.ts';

/** What guacd can speak, as Guacamole names it. */
export const MACHINE_PROTOCOLS = ['ssh', 'rdp', 'vnc', 'telnet', 'kubernetes'] as const satisfies Protocol[];

/** Where a server of the protocol listens when nobody says. */
export const DEFAULT_PORTS: Readonly<Record<Protocol, number>> = {
  ssh: 22,
  rdp: 3389,
  vnc: 5900,
  telnet: 23,
  kubernetes: 8080,
};

/** What a machine needs credentials for, each by the field that names one, and the protocols that have a use for it. */
const USES = {
  /** To log in to it. */
  credential: MACHINE_PROTOCOLS,
  /** At the remote desktop gateway on the way. */
  gatewayCredential: ['rdp'],
  /** At the SFTP server beside a desktop, for its files; SSH has its own login for that. */
  sftpCredential: ['rdp', 'vnc'],
} as const satisfies Record<string, readonly Protocol[]>;

export type CredentialUse = keyof typeof USES;

/** In the order of a form. */
export const CREDENTIAL_USES = [
  'credential',
  'gatewayCredential',
  'sftpCredential',
] as const satisfies readonly CredentialUse[];

/** What a protocol's machines need credentials for. */
export function usesOf(protocol: Protocol): readonly CredentialUse[] {
  return CREDENTIAL_USES.filter((use) => USES[use].some((one) => one === protocol));
}

/** The ids of a machine's credentials in the vault, by use. A null one is asked for, or not needed. */
export type CredentialIds = { readonly [Use in CredentialUse]: string | null };

export const NO_CREDENTIALS: CredentialIds = {
  credential: null,
  gatewayCredential: null,
  sftpCredential: null,
};

/** What a person says of a machine; nothing of it is secret. */
export interface MachineDraft extends CredentialIds {
  readonly name: string;
  /** `Berlin / Rack 3`; empty for none. */
  readonly group: string;
  readonly tags: readonly string[];
  readonly protocol: Protocol;
  /** Name or address, without brackets and port. */
  readonly host: string;
  /** Null: where the protocol's servers listen. */
  readonly port: number | null;
  readonly user: string;
  /** Guacamole's connection parameters by name, beside those that have a field here. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly notes: string;
  /** `AA:BB:CC:DD:EE:FF`, `…@10.0.0.255` or `…@10.0.0.255:9`; empty for none. See `wake.ts`. */
  readonly wakeAddress: string;
  /** The guacd to go through, `host:port`; empty: whichever is free. */
  readonly guacd: string;
}

/** Of a machine's id: chosen at random, and kept when it goes to another address book. */
export const MACHINE_ID = /^[\w-]{1,64}$/;

/** Something that can be connected to, as the address book keeps it. */
export interface Machine extends MachineDraft {
  readonly id: string;
  readonly createdAt: Moment;
  readonly updatedAt: Moment;
}

export const EMPTY_DRAFT: MachineDraft = {
  name: '',
  group: '',
  tags: [],
  protocol: 'ssh',
  host: '',
  port: null,
  user: '',
  ...NO_CREDENTIALS,
  parameters: {},
  notes: '',
  wakeAddress: '',
  guacd: '',
};

/** Bounds of one machine; lengths are characters where nothing else is said. */
export const MACHINE_LIMITS = {
  /** Machines in the address book. */
  machines: 20_000,
  name: 200,
  group: 200,
  tags: 32,
  tag: 60,
  host: 253,
  user: 256,
  parameters: 128,
  parameterName: 128,
  notes: 8_192,
  /** Bytes of the whole machine as JSON. */
  bytes: 128 * 1024,
} as const;

/** The port that is connected to. */
export function portOf({ port, protocol }: Pick<Machine, 'port' | 'protocol'>): number {
  return port ?? DEFAULT_PORTS[protocol];
}

/** `host:port` for people; the port only where it is not the protocol's own. */
export function addressText({ host, port, protocol }: Pick<Machine, 'host' | 'port' | 'protocol'>): string {
  if (port === null || port === DEFAULT_PORTS[protocol]) return host;
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

export function isProtocol(text: unknown): text is Protocol {
  return MACHINE_PROTOCOLS.some((protocol) => protocol === text);
}

/** The draft in a machine, in the order of the file. */
export function draftOf(machine: MachineDraft): MachineDraft {
  const { name, group, tags, protocol, host, port, user } = machine;
  const { credential, gatewayCredential, sftpCredential } = machine;
  const { parameters, notes, wakeAddress, guacd } = machine;
  return {
    ...{ name, group, tags, protocol, host, port, user },
    ...{ credential, gatewayCredential, sftpCredential },
    ...{ parameters, notes, wakeAddress, guacd },
  };
}
