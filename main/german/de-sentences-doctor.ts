/** What the doctor finds where all is well, in German; see `de-sentences.ts`. */
export const DOCTOR_DE: Readonly<Record<string, string>> = {
  yes: 'ja',
  '{what} is an address': '{what} ist eine Adresse',
  '{what} through the proxy {proxy}': '{what} über den Proxy {proxy}',
  'the proxy {proxy}': 'der Proxy {proxy}',
  'not used: authentik is on this host': 'nicht nötig: authentik ist auf diesem Rechner',
  '{subject}, issued by {issuer}, valid until {day}': '{subject}, ausgestellt von {issuer}, gültig bis {day}',
  'authentik did not tell its time': 'authentik hat seine Zeit nicht genannt',
  'within {count} s': 'bis auf {count} s',
  '{what}, version {version}': '{what}, Version {version}',
  'guacd {version} in a container: {image}, {engine}':
    'guacd {version} in einem Container: {image}, {engine}',
  '{what} answered': '{what} hat geantwortet',
  'metrics are off': 'Metriken sind aus',
  '{what}, served by this outpost': '{what}, von diesem Outpost bereitgestellt',
  '{what} will be made': '{what} wird angelegt',
};
