import { expect, test } from 'vitest';
import { tlsFailure } from '../../../main/core/authentik/trust-failure.ts';

const client = { file: 'client.pem', context: {}, leaf: null };
const error = (message: string, code?: string) => Object.assign(new Error(message), code && { code });

// The same alerts as OpenSSL 1.1 (Node 16), OpenSSL 3 and BoringSSL (Electron) write them.
test.each([
  [
    'C0:error:1409445C:SSL routines:ssl3_read_bytes:tlsv13 alert certificate required:s3_pkt.c:1543:SSL alert number 116',
    undefined,
    'client-certificate',
  ],
  [
    'C0:error:0A00045C:SSL routines:ssl3_read_bytes:tlsv13 alert certificate required:rec_layer_s3.c:1605:',
    'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED',
    'client-certificate',
  ],
  [
    'error:1000045c:SSL routines:OPENSSL_internal:TLSV1_ALERT_CERTIFICATE_REQUIRED',
    'ERR_SSL_TLSV1_ALERT_CERTIFICATE_REQUIRED',
    'client-certificate',
  ],
  [
    'C0:error:0A000415:SSL routines:ssl3_read_bytes:sslv3 alert certificate expired:rec:',
    'ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED',
    'client-certificate',
  ],
  [
    'C0:error:0A000418:SSL routines:ssl3_read_bytes:tlsv1 alert unknown ca:rec:',
    'ERR_SSL_TLSV1_ALERT_UNKNOWN_CA',
    'client-certificate',
  ],
  [
    'C0:error:0A000412:SSL routines:ssl3_read_bytes:sslv3 alert bad certificate:rec:',
    'ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE',
    'client-certificate',
  ],
  [
    'write EPROTO C0:error:0A00010B:SSL routines:ssl3_get_record:wrong version number:rec:',
    'EPROTO',
    'tls-failed',
  ],
  [
    'error:100000f7:SSL routines:OPENSSL_internal:WRONG_VERSION_NUMBER',
    'ERR_SSL_WRONG_VERSION_NUMBER',
    'tls-failed',
  ],
  [
    'C0:error:0A00042E:SSL routines:ssl3_read_bytes:tlsv1 alert protocol version:rec:',
    'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION',
    'tls-failed',
  ],
  [
    'C0:error:0A000410:SSL routines:ssl3_read_bytes:sslv3 alert handshake failure:rec:',
    'ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE',
    'tls-failed',
  ],
])('%s', (message, code, expected) => {
  const failure = tlsFailure(error(message, code), 'authentik at https://sso.example', client);
  expect(failure?.code).toBe(expected);
  expect(failure?.message).toContain('authentik at https://sso.example');
  expect(failure?.advice).toBeTruthy();
});

test('an unknown TLS error is told without OpenSSL’s numbers', () => {
  const failure = tlsFailure(
    error('40:error:0A0000C6:SSL routines:ssl_fn:packet strange:ssl.c:1:', 'ERR_SSL_PACKET_STRANGE'),
    'It',
    null,
  );
  expect(failure?.message).toBe('The TLS handshake with It failed: packet strange.');
});

test('what is no TLS error is left to others', () => {
  expect(tlsFailure(error('connect ECONNREFUSED', 'ECONNREFUSED'), 'It', null)).toBeUndefined();
  expect(tlsFailure('text', 'It', null)).toBeUndefined();
});
