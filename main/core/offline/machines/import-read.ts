import { readCsv } from './import-csv.ts';
import { readJson } from './import-json.ts';
import { readKnownHosts } from './import-known-hosts.ts';
import { readRdp } from './import-rdp.ts';
import { readSshConfig } from './import-ssh-config.ts';
import { textOf } from './import-text.ts';
import { type ImportFile, type ImportFormat, nothingIn, type Reading } from './import-types.ts';

/** What one file holds. Never rejects: what cannot be read is skipped, with why. */
export async function readImport(file: ImportFile): Promise<Reading> {
  const text = textOf(file.bytes);
  const format = file.format ?? formatOf(file.name, text);
  switch (format) {
    case 'rdp':
      return readRdp(text, file.name);
    case 'csv':
      return readCsv(text, file.name);
    case 'json':
      return readJson(text, file.name);
    case 'ssh-config':
      return readSshConfig(text, file.name);
    case 'known-hosts':
      return readKnownHosts(text, file.name);
    case null:
      return nothingIn(
        file.name,
        'It is neither an .rdp file nor CSV, JSON, an SSH configuration or known_hosts.',
      );
    default:
      return format satisfies never;
  }
}

/** What a file is: by its name where that tells, else by how it begins. */
export function formatOf(name: string, text: string): ImportFormat | null {
  const base = name.toLowerCase().replace(/^.*[\\/]/, '');
  if (base.endsWith('.rdp')) return 'rdp';
  if (/\.(?:csv|tsv)$/.test(base)) return 'csv';
  if (base.endsWith('.json')) return 'json';
  if (base.startsWith('known_hosts')) return 'known-hosts';
  if (base === 'config' || base === 'ssh_config' || base.endsWith('.conf')) return 'ssh-config';
  return formatOfText(text.slice(0, 4096));
}

function formatOfText(begin: string): ImportFormat | null {
  if (/^\s*[[{]/.test(begin)) return 'json';
  if (/^[^\n:]{1,64}:[sib]:/im.test(begin)) return 'rdp';
  if (/^(?:@\S+\s+)?\S+\s+(?:ssh-|ecdsa-|sk-)\S+\s+AAAA/m.test(begin)) return 'known-hosts';
  if (
    /^\s*(?:host|match|include)(?:\s*=\s*|\s+)\S/im.test(begin) &&
    !/^[^\n]*[;,\t|]/.test(begin.trimStart())
  )
    return 'ssh-config';
  if (/^[^\n]*[;,\t|]/.test(begin.trimStart())) return 'csv';
  return null;
}
