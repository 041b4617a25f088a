import { type TextKey, t } from '../../shared/i18n/translate.ts';

const LABELS: ReadonlyMap<string, TextKey> = new Map([
  ['name', 'machines.name'],
  ['group', 'machines.group'],
  ['tags', 'machines.tags'],
  ['protocol', 'machines.protocol'],
  ['host', 'machines.host'],
  ['port', 'machines.port'],
  ['user', 'machines.user'],
  ['credential', 'machines.credential-for-credential'],
  ['gatewayCredential', 'machines.credential-for-gatewayCredential'],
  ['sftpCredential', 'machines.credential-for-sftpCredential'],
  ['notes', 'machines.notes'],
  ['wakeAddress', 'machines.wake-address'],
]);

/** Fields of a machine as the form calls them; parameters by the names that Guacamole gives them. */
export function fieldNames(fields: readonly string[]): string {
  return fields
    .map((field) => {
      const label = LABELS.get(field);
      return label === undefined ? field : t(label);
    })
    .join(', ');
}
