import { randomBytes, randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import { Lifetime } from '../../main/core/base/lifetime.ts';
import { silentLogger } from '../../main/core/base/logger.ts';
import { PIPE_LIMITS } from './bounded-pipe.ts';
import { BulkPipes } from './bulk-pipes.ts';
import { fingerprint, type PracticeCa } from './certificates.ts';
import { Connections } from './connections.ts';
import { EventSockets } from './event-sockets.ts';
import { FaultSwitch } from './faults.ts';
import { FileSide } from './file-side.ts';
import type { Generation } from './generation.ts';
import { HttpSide } from './http-side.ts';
import { Instances } from './instances.ts';
import { Journal } from './journal.ts';
import { close, createServer, listen } from './listener.ts';
import type { PracticeMachine } from './machine.ts';
import type { PracticeAuthentikOptions } from './options.ts';
import { RacRecords } from './rac-records.ts';
import { Sessions } from './sessions.ts';
import { ConnectionTokens } from './tokens.ts';
import { UpgradeSide } from './upgrade-side.ts';

/** What a practice authentik consists of, put together and listening. */
export interface Parts {
  readonly url: string;
  readonly port: number;
  readonly token: string;
  readonly adminToken: string;
  readonly outpostPk: string;
  readonly generation: Generation;
  readonly journal: Journal;
  readonly ca: PracticeCa | undefined;
  readonly fingerprint: string | undefined;
  readonly server: Server;
  readonly connections: Connections;
  readonly faults: FaultSwitch;
  readonly instances: Instances;
  readonly events: EventSockets;
  readonly sessions: Sessions;
  readonly pipes: BulkPipes;
  readonly tokens: ConnectionTokens;
  readonly machines: readonly PracticeMachine[];
  readonly lifetime: Lifetime;
}

/** Puts it together and listens; rejects with the system's error when the port is taken. */
export async function assemble(options: PracticeAuthentikOptions): Promise<Parts> {
  const {
    subPath = '/auth/',
    generation = 'newest',
    machines = [],
    missing = [],
    log = silentLogger,
  } = options;
  const token = options.token ?? randomBytes(30).toString('hex');
  const adminToken = options.adminToken ?? randomBytes(30).toString('hex');
  const outpostPk = options.outpostPk ?? randomUUID();
  const journal = new Journal();
  const connections = new Connections();
  const faults = new FaultSwitch();
  const tokens = new ConnectionTokens();
  const instances = new Instances({
    healthMs: options.healthMs ?? 15_000,
    now: options.now ?? (() => performance.now()),
    balancing: options.balancing ?? 'connected',
  });
  const events = new EventSockets(instances, journal);
  const pipes = new BulkPipes();
  const sessions = new Sessions({
    generation,
    pipes,
    limits: options.pipe ?? PIPE_LIMITS,
    instances,
    events,
    journal,
    lateDisconnectMs: () => faults.for('sessions').lateDisconnectMs,
  });
  const outpost = {
    pk: outpostPk,
    type: options.outpostType ?? 'rac',
    providers: options.providers ?? 1,
    refreshIntervalSeconds: options.refreshIntervalSeconds ?? 300,
    config: options.config ?? {},
  };
  const http = new HttpSide({
    subPath,
    api: {
      token,
      adminToken,
      outposts: options.outposts === 0 ? [] : [outpost],
      rac: new RacRecords({
        machines,
        providerSettings: options.providerSettings ?? {},
        propertyMappings: options.propertyMappings ?? [],
        outpostPk,
      }),
      journal,
    },
    page: { machines, missing, generation, instances, events, sessions, tokens, journal },
    files: new FileSide({ sessions, pipes }),
    pageDirectory: options.pageDirectory,
    faults,
    connections,
  });
  const upgrades = new UpgradeSide({
    subPath,
    token,
    outpostPk,
    events,
    sessions,
    pipes,
    tokens,
    journal,
    faults,
    connections,
  });
  const { server, ca, certPem } = createServer(options.tls);
  const failed = (error: unknown) => log.log('error', 'practice authentik failed at a request', { error });
  server.on('connection', (socket) => connections.add(socket));
  server.on('request', (request, response) => void http.handle(request, response).catch(failed));
  server.on('upgrade', (request, stream, head) => void upgrades.handle(request, stream, head).catch(failed));
  const port = await listen(server, options.port ?? 0);
  const lifetime = new Lifetime();
  lifetime.add(() => close(server, connections));
  return {
    url: `${certPem === undefined ? 'http' : 'https'}://127.0.0.1:${port}${subPath}`,
    port,
    token,
    adminToken,
    outpostPk,
    generation,
    journal,
    ca,
    fingerprint: certPem === undefined ? undefined : fingerprint(certPem),
    server,
    connections,
    faults,
    instances,
    events,
    sessions,
    pipes,
    tokens,
    machines,
    lifetime,
  };
}
