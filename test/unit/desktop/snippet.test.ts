import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readSnippet } from '../../../main/desktop/snippet.ts';

const HOST = 'https://sso.example.org/auth/';
const TOKEN = 'kZ3vXq9LmPw2RtYb7NcJ4HsFgD8aEuV1oK6iTzWx';
const base64 = (text: string) => Buffer.from(text).toString('base64');

const SNIPPETS: Readonly<Record<string, string>> = {
  'docker-compose with a map': `
services:
  authentik_rac:
    image: ghcr.io/goauthentik/rac:2026.8
    # Optionally specify which networks
    environment:
      AUTHENTIK_HOST: ${HOST}
      AUTHENTIK_INSECURE: "false"
      AUTHENTIK_TOKEN: ${TOKEN}
`,
  'docker-compose with a list': `
    environment:
      - AUTHENTIK_HOST=${HOST}
      - AUTHENTIK_INSECURE=false
      - "AUTHENTIK_TOKEN=${TOKEN}"
`,
  'docker-compose with quotes': `environment:\n  "AUTHENTIK_HOST": '${HOST}'\n  AUTHENTIK_TOKEN: "${TOKEN}" # secret\n  AUTHENTIK_INSECURE: 'False'\n`,
  'an environment file': `AUTHENTIK_HOST=${HOST}\r\nAUTHENTIK_TOKEN="${TOKEN}"\r\nAUTHENTIK_INSECURE=false\r\n`,
  'a shell’s exports': `export AUTHENTIK_HOST='${HOST}' AUTHENTIK_TOKEN=${TOKEN}\nexport AUTHENTIK_INSECURE=0`,
  'docker run': `docker run -d --name rac \\\n  -e AUTHENTIK_HOST=${HOST} \\\n  -e "AUTHENTIK_TOKEN=${TOKEN}" \\\n  -e AUTHENTIK_INSECURE=no ghcr.io/goauthentik/rac`,
  'a Kubernetes deployment': `
apiVersion: apps/v1
kind: Deployment
spec:
  template:
    spec:
      containers:
        - name: rac
          env:
            - name: AUTHENTIK_HOST
              value: ${HOST}
            - name: AUTHENTIK_TOKEN
              value: "${TOKEN}"
            - value: "false"
              name: AUTHENTIK_INSECURE
`,
  'a Kubernetes secret': `
apiVersion: v1
kind: Secret
metadata:
  name: authentik-outpost-api
type: Opaque
data:
  authentik_host: ${base64(HOST)}
  authentik_host_insecure: ${base64('false')}
  token: ${base64(TOKEN)}
`,
  'a Kubernetes secret in clear': `kind: Secret\nstringData:\n  authentik_host: ${HOST}\n  authentik_host_insecure: "false"\n  token: ${TOKEN}\n`,
  JSON: JSON.stringify(
    { environment: { AUTHENTIK_HOST: HOST, AUTHENTIK_TOKEN: TOKEN, AUTHENTIK_INSECURE: 'false' } },
    null,
    2,
  ),
  'JSON of Kubernetes': JSON.stringify({
    env: [
      { name: 'AUTHENTIK_HOST', value: HOST },
      { name: 'AUTHENTIK_TOKEN', value: TOKEN },
      { name: 'AUTHENTIK_INSECURE', value: 'false' },
    ],
  }),
  'JSON with slashes escaped': `{"AUTHENTIK_HOST":"https:\\/\\/sso.example.org\\/auth\\/","AUTHENTIK_TOKEN":"${TOKEN}","AUTHENTIK_INSECURE":"false"}`,
};

describe('a pasted deployment snippet', () => {
  it.each(Object.entries(SNIPPETS))('gives address and token out of %s', (_, text) => {
    const { host, token, insecure } = readSnippet(text);
    expect({ host, token: token?.reveal(), insecure }).toEqual({ host: HOST, token: TOKEN, insecure: false });
  });

  it('says that certificates are not to be checked where the snippet does', () => {
    expect(readSnippet('AUTHENTIK_INSECURE: "true"').insecure).toBe(true);
    expect(readSnippet('AUTHENTIK_INSECURE=maybe').insecure).toBeNull();
  });

  it('knows an address alone', () => {
    expect(readSnippet(`  ${HOST}\n`).host).toBe(HOST);
    expect(readSnippet('sso.example.org').host).toBeNull();
  });

  it('does not take for real what stands in the documentation in its place', () => {
    const text = 'AUTHENTIK_HOST: https://your-authentik.tld\nAUTHENTIK_TOKEN: token-generated-by-authentik';
    expect(readSnippet(text)).toEqual({ host: null, token: null, insecure: null });
    for (const value of [
      '<token>',
      `$${'{TOKEN}'}`,
      '$TOKEN',
      'file:///run/secrets/token',
      'env://TOKEN',
      '********',
      'short',
    ])
      expect(readSnippet(`AUTHENTIK_TOKEN=${value}`).token, value).toBeNull();
  });

  it('takes the last word of nobody: the first real value counts', () => {
    expect(readSnippet(`AUTHENTIK_HOST: <host>\nAUTHENTIK_HOST: ${HOST}`).host).toBe(HOST);
  });

  it('never shows the token by itself', () => {
    const found = readSnippet(SNIPPETS['docker run'] ?? '');
    expect(`${JSON.stringify(found)}${String(found.token)}`).not.toContain(TOKEN);
  });

  it('survives anything', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 2_000 }), (text) => {
        readSnippet(text);
        readSnippet(`AUTHENTIK_TOKEN:${text}`);
        readSnippet(`"name": "AUTHENTIK_HOST", "value": "${text}`);
      }),
    );
    // What a pattern could choke on; the test's own time limit would notice.
    for (const text of [
      '"'.repeat(300_000),
      'a'.repeat(300_000),
      'name: '.repeat(50_000),
      ' \t'.repeat(150_000),
      '\\"'.repeat(150_000),
    ])
      readSnippet(text);
  });
});
