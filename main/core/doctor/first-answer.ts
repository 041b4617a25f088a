import http from 'node:http';
import https from 'node:https';
import { TLSSocket } from 'node:tls';
import { type CertificateDescription, describeCertificate } from '../authentik/certificates.ts';
import type { Endpoint } from '../authentik/endpoint.ts';
import type { FirstAnswer } from './findings.ts';

/**
 * One request to authentik, of which only the way counts: the certificate that was shown and accepted, and what
 * time it is there. Without the token: whoever answers may not be authentik. A connection that was made and then
 * gave no answer is an answer without a time; the API's own check says what is wrong. Rejects with what
 * `Endpoint.failure` says.
 */
export function firstAnswer(endpoint: Endpoint, signal: AbortSignal): Promise<FirstAnswer> {
  return new Promise((resolve, reject) => {
    const url = endpoint.restUrl('/root/config/');
    const send = url.protocol === 'https:' ? https.request : http.request;
    let connected = false;
    let certificate: CertificateDescription | null = null;
    const request = send(url, {
      agent: endpoint.agent('rest', signal),
      headers: { Accept: 'application/json' },
    });
    request.on('socket', (socket) => {
      connected = true;
      if (!(socket instanceof TLSSocket)) return;
      const { raw } = socket.getPeerCertificate();
      certificate = raw ? describeCertificate(raw) : null;
    });
    request.on('response', ({ headers }) => {
      resolve({ certificate, clockAheadMs: clockAhead(headers.date) });
      request.destroy();
    });
    request.on('error', (error) => {
      if (connected) resolve({ certificate, clockAheadMs: null });
      else reject(endpoint.failure(error));
    });
    signal.addEventListener('abort', () => request.destroy(), { once: true });
    request.end();
  });
}

function clockAhead(date: string | undefined): number | null {
  const there = date === undefined ? Number.NaN : Date.parse(date);
  // The header has whole seconds: on average it is half a second behind.
  return Number.isNaN(there) ? null : there + 500 - Date.now();
}
