// Derives an apt source for another suite from the machine's own entries. Pure: text in, text out.

/**
 * @typedef {object} Source
 * @property {readonly string[]} uris
 * @property {readonly string[]} suites
 * @property {readonly string[]} components
 * @property {ReadonlyMap<string, string>} fields - Every other field by its deb822 name, such as `Signed-By`.
 */

/** Fields that are written anew, or that must not be taken over. */
const OWN_FIELDS = ['types', 'uris', 'suites', 'components', 'enabled'];

/** deb822's names for the one-line options that are not simply spelled with capitals. Source: `man sources.list`. */
const OPTION_FIELDS = new Map([
  ['arch', 'Architectures'],
  ['lang', 'Languages'],
  ['target', 'Targets'],
  ['pdiffs', 'PDiffs'],
]);

/** @returns {Source[]} The enabled binary sources of a `.sources` file. */
export function parseDeb822(text) {
  const withoutComments = text.split('\n').filter((line) => !line.startsWith('#'));
  return withoutComments
    .join('\n')
    .split(/\n[ \t]*\n/)
    .map(stanzaFields)
    .filter((fields) => words(fields.get('types')).includes('deb') && isEnabled(fields.get('enabled')))
    .map((fields) => ({
      uris: words(fields.get('uris')),
      suites: words(fields.get('suites')),
      components: words(fields.get('components')),
      fields: new Map(
        [...fields]
          .filter(([name]) => !OWN_FIELDS.includes(name))
          .map(([name, value]) => [capitals(name), value]),
      ),
    }));
}

/** @returns {Source[]} The binary sources of a `sources.list` with one source per line. */
export function parseOneLine(text) {
  return text.split('\n').flatMap((line) => {
    const match = /^\s*deb\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)\s*([^#]*)/.exec(line);
    if (!match) return [];
    const [, options = '', uri, suite, components] = match;
    const fields = words(options).map((option) => {
      const [name, value] = splitOnce(option.replace(/[+-]=/, '='), '=');
      return [OPTION_FIELDS.get(name.toLowerCase()) ?? capitals(name), value.replaceAll(',', ' ')];
    });
    return [{ uris: [uri], suites: [suite], components: words(components), fields: new Map(fields) }];
  });
}

/** @returns {Source[]} The sources of apt's files, by the name's ending; others are none of apt's either. */
export function parseSources(name, text) {
  if (name.endsWith('.sources')) return parseDeb822(text);
  return name.endsWith('.list') ? parseOneLine(text) : [];
}

/**
 * The text of a `.sources` file that gives `suite` from where the machine gets its own system.
 * @param {readonly Source[]} sources - The machine's sources.
 * @param {string} codename - The name of the machine's own suite, such as `bookworm`.
 * @returns {string | undefined} Undefined where no source has the machine's own suite.
 */
export function deriveSource(sources, codename, suite) {
  const own = [codename, 'stable', 'oldstable', 'oldoldstable'];
  const usable = sources.filter(
    ({ uris, components }) => components.includes('main') && uris.some((uri) => !uri.startsWith('cdrom:')),
  );
  const source = own.map((name) => usable.find(({ suites }) => suites.includes(name))).find(Boolean);
  if (source === undefined) return undefined;
  return [
    `# Written by Sallyport's setup for guacd; may be removed together with it.`,
    'Types: deb',
    `URIs: ${source.uris.filter((uri) => !uri.startsWith('cdrom:')).join(' ')}`,
    `Suites: ${suite}`,
    'Components: main',
    ...[...source.fields].map(([name, value]) => `${name}:${value.startsWith('\n') ? '' : ' '}${value}`),
    '',
  ].join('\n');
}

/** Keeps the suite's packages out of the way: they are taken only where the system has none of that name. */
export function pinPreferences(suite, priority = 100) {
  return [
    "Explanation: Written by Sallyport's setup for guacd.",
    'Package: *',
    `Pin: release n=${suite}`,
    `Pin-Priority: ${priority}`,
    '',
  ].join('\n');
}

/** A stanza's fields by lower-case name; lines that begin with a blank continue the field before them. */
function stanzaFields(stanza) {
  const fields = new Map();
  let last;
  for (const line of stanza.split('\n')) {
    if (/^[ \t]/.test(line) && last !== undefined) {
      fields.set(last, `${fields.get(last)}\n${line}`);
    } else if (line.includes(':')) {
      const [name, value] = splitOnce(line, ':');
      last = name.trim().toLowerCase();
      fields.set(last, value.trim());
    }
  }
  return fields;
}

function isEnabled(value = 'yes') {
  return !['no', 'false', 'without', 'off', 'disable'].includes(value.toLowerCase());
}

function words(text = '') {
  return text.split(/\s+/).filter(Boolean);
}

function splitOnce(text, separator) {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

function capitals(name) {
  return name.toLowerCase().replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase());
}
