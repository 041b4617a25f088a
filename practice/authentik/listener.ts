import { createServer as createHttpServer, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { PracticeCa } from './certificates.ts';
import type { Connections } from './connections.ts';

export interface PracticeTlsOptions {
  /** `wrong-name`: the certificate is for another host. `good` unless told. */
  readonly certificate?: 'good' | 'expired' | 'wrong-name';
  /** Whether clients have to show a certificate of this CA; `ca.issue({ commonName })` makes one. */
  readonly clientCertificate?: boolean;
}

export interface Listener {
  readonly server: Server;
  readonly ca: PracticeCa | undefined;
  readonly certPem: string | undefined;
}

/** A server that does not listen yet, with an authority of its own where TLS is wanted. */
export function createServer(tls: PracticeTlsOptions | undefined): Listener {
  if (!tls) return { server: createHttpServer(), ca: undefined, certPem: undefined };
  const ca = new PracticeCa();
  const { certificate = 'good', clientCertificate = false } = tls;
  const { certPem, keyPem } = ca.issue({
    commonName: 'practice authentik',
    names: certificate === 'wrong-name' ? ['elsewhere.example'] : ['localhost', '127.0.0.1'],
    days: certificate === 'expired' ? -1 : 30,
  });
  const server = createHttpsServer({
    cert: certPem,
    key: keyPem,
    ca: ca.caPem,
    requestCert: clientCertificate,
    rejectUnauthorized: clientCertificate,
  });
  return { server, ca, certPem };
}

/** Listens on 127.0.0.1 and resolves with the port. */
export function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

/** Stops listening and ends every connection. */
export function close(server: Server, connections: Connections): Promise<void> {
  return new Promise((resolve) => {
    // Closing what is closed already is no failure.
    server.close(() => resolve());
    connections.destroyAll();
  });
}
