import { describe, expect, it } from 'vitest';
import { Secret } from '../../../main/core/base/secret.ts';
import { connectionParameters } from '../../../main/core/offline/connection-parameters.ts';

const place = { protocol: 'ssh', host: '10.0.0.7', port: 22, user: '', parameters: {} } as const;

function told(...given: Parameters<typeof connectionParameters>): Record<string, string> {
  return Object.fromEntries(
    [...connectionParameters(...given)].map(([name, value]) => [name, value.reveal()]),
  );
}

describe('what guacd is told of a machine', () => {
  it('goes where the machine is, whatever its parameters say', () => {
    const parameters = { hostname: 'elsewhere', port: '1', 'font-size': '12' };
    expect(told({ ...place, parameters }, {})).toEqual({
      hostname: '10.0.0.7',
      port: '22',
      'font-size': '12',
    });
  });

  it('has the machine’s own user above the credential’s', () => {
    const credential = { user: 'root', password: new Secret('word') };
    expect(told(place, { credential })).toMatchObject({ username: 'root', password: 'word' });
    expect(told({ ...place, user: 'ops' }, { credential })).toMatchObject({
      username: 'ops',
      password: 'word',
    });
  });

  it('has what a gateway and SFTP want to know, where the protocol has them', () => {
    const rdp = { ...place, protocol: 'rdp', port: 3389, parameters: { 'sftp-username': 'files' } } as const;
    const credentials = {
      credential: { user: 'u', password: new Secret('p'), domain: 'D' },
      gatewayCredential: {
        user: 'gu',
        password: new Secret('gp'),
        domain: 'GD',
        privateKey: new Secret('no'),
      },
      sftpCredential: { user: 'su', privateKey: new Secret('sk'), passphrase: new Secret('sp') },
    };
    expect(told(rdp, credentials)).toEqual({
      hostname: '10.0.0.7',
      port: '3389',
      username: 'u',
      password: 'p',
      domain: 'D',
      'gateway-username': 'gu',
      'gateway-password': 'gp',
      'gateway-domain': 'GD',
      'sftp-username': 'files',
      'sftp-private-key': 'sk',
      'sftp-passphrase': 'sp',
    });
    expect(
      Object.keys(told({ ...rdp, protocol: 'vnc' }, credentials)).filter((name) => /-/.test(name)),
    ).toEqual(['sftp-username', 'sftp-private-key', 'sftp-passphrase']);
    expect(Object.keys(told(place, credentials))).toEqual(['hostname', 'port', 'username', 'password']);
  });

  it('names no file of guacd’s host: an entry may come from anybody', () => {
    const parameters = {
      'typescript-path': '/home/me/.config/autostart',
      'typescript-name': 'x.desktop',
      'create-typescript-path': 'true',
      'recording-path': '/home/me',
      'create-recording-path': 'true',
      'drive-path': '/home/me',
      'create-drive-path': 'true',
      'drive-name': 'Files',
    };
    expect(told({ ...place, parameters }, {})).toEqual({
      hostname: '10.0.0.7',
      port: '22',
      'drive-name': 'Files',
    });
  });
});
