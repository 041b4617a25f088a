import type { CataloguedEndpoint } from '../../authentik/rac-catalogue.ts';
import { splitAddress } from './import-rdp.ts';
import { type Candidate, IMPORT_LIMITS, type Reading, type Skipped, shown } from './import-types.ts';
import { ParameterIntake } from './parameter-intake.ts';

/**
 * What authentik's endpoints become here, with the settings in the order in which authentik lays them over each
 * other: what the endpoint's host says, the provider's settings, the endpoint's. The property mappings come after
 * that, and are programs that only authentik can run.
 */
export function readAuthentik(endpoints: readonly CataloguedEndpoint[], display: string): Reading {
  const candidates: Candidate[] = [];
  const skipped: Skipped[] = [];
  for (const endpoint of endpoints.slice(0, IMPORT_LIMITS.entries)) {
    const candidate = candidateOf(endpoint, display);
    if (candidate === null)
      skipped.push({
        origin: display,
        name: shown(endpoint.name),
        why: 'The endpoint has no host in authentik.',
      });
    else candidates.push(candidate);
  }
  return { candidates, skipped, hostKeys: [] };
}

function candidateOf(endpoint: CataloguedEndpoint, display: string): Candidate | null {
  const { name, protocol, provider } = endpoint;
  const settings = mergedSettings(endpoint);
  const take = (key: string): string => {
    const value = settings.get(key) ?? '';
    settings.delete(key);
    return value;
  };
  const { host, port } = splitAddress(take('hostname'), take('port') || undefined);
  if (host === '') return null;
  const user = take('username');
  const intake = new ParameterIntake();
  for (const [key, value] of settings) intake.take(key, value);
  const { parameters, notes, credentials } = intake;
  if (endpoint.hasMappings || provider.hasMappings)
    notes.push(
      'Its property mappings were left out: only authentik can evaluate them. What they set, such as a user’s own name or password, is missing here.',
    );
  return {
    origin: `authentik at ${display}`,
    draft: { name, protocol, host, port, group: provider.name, parameters, ...(user !== '' && { user }) },
    credentials,
    aliases: [],
    notes,
  };
}

/** Source: authentik, `ConnectionToken.get_settings`; a port in the host is what stands behind its first colon. */
export function mergedSettings({
  host,
  protocol,
  settings,
  provider,
}: CataloguedEndpoint): Map<string, string> {
  const colon = host.indexOf(':');
  const merged: Record<string, unknown> = {
    hostname: colon < 0 ? host : host.slice(0, colon),
    ...(colon >= 0 && { port: host.slice(colon + 1) }),
    ...(protocol === 'rdp' && { 'resize-method': 'display-update' }),
    ...provider.settings,
    ...settings,
  };
  const texts = new Map<string, string>();
  for (const [key, value] of Object.entries(merged)) {
    const text = settingText(value);
    if (text !== '') texts.set(key, text);
  }
  return texts;
}

/** guacd wants text; what is neither text nor number nor yes or no means nothing to it. */
function settingText(value: unknown): string {
  if (typeof value === 'string') return value.trim();
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return '';
}
