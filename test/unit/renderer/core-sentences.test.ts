import { afterEach, describe, expect, it } from 'vitest';
import { GuacamoleStatus } from '../../../main/core/guacamole/status.ts';
import { machineFailure } from '../../../main/core/sessions/machine-failure.ts';
import { SENTENCES_DE } from '../../../main/german/de-sentences.ts';
import { Sentences } from '../../../main/german/sentences.ts';
import { coreText, setLocale } from '../../../renderer/shared/i18n/translate.ts';
import { textsBelow } from '../../architecture/texts.ts';

afterEach(() => setLocale('en'));

const lower = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);
const facts = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();

describe('the German of the core’s sentences', () => {
  it('is of sentences that the core says, to the letter', () => {
    const sources = ['main/core', 'main/process', 'main/control', 'main/desktop', 'renderer/viewer'];
    const core = sources.flatMap(textsBelow).join('\n');
    const isSaid = (sentence: string) => {
      // Examples are facts here, and words there.
      const open = sentence.replace(/"?\{(?!example)\w+\}"?/g, '{}').split('{example}');
      const [first = ''] = open;
      // Put together of parts there: `${subject} ${what}.`, or begun as a sentence only where it is shown.
      const stopless = (text: string) => text.replace(/\.$/, '');
      const parts = [
        first,
        first.startsWith('{} ') ? stopless(first.slice(3)) : first,
        stopless(first),
        stopless(lower(first)),
      ];
      const isThere = (part: string) => core.includes(part);
      return parts.some(isThere) && open.slice(1).every(isThere);
    };
    expect(Object.keys(SENTENCES_DE).filter((sentence) => !isSaid(sentence))).toEqual([]);
  });

  it('has only facts that are in the sentence, and the quotation marks of its language', () => {
    for (const [english, german] of Object.entries(SENTENCES_DE)) {
      const known = facts(english);
      expect(
        facts(german).filter((fact) => !known.includes(fact)),
        english,
      ).toEqual([]);
      expect(german, english).not.toMatch(/["”]|'/);
    }
  });

  it('takes the facts over, and says sentences that are inside others', () => {
    expect(coreText('sso.example.org refused the connection.')).toBe(
      'sso.example.org refused the connection.',
    );
    setLocale('de');
    expect(coreText('AUTHENTIK_HOST is "sso.example.org", without https:// in front.')).toBe(
      'AUTHENTIK_HOST ist „sso.example.org“, ohne https:// davor.',
    );
    expect(coreText('Give a path such as /etc/sallyport/ca.pem.')).toBe(
      'Geben Sie einen Pfad wie /etc/sallyport/ca.pem an.',
    );
    expect(coreText('sso.example.org refused the connection.')).toBe(
      'sso.example.org hat die Verbindung abgelehnt.',
    );
    expect(coreText('guacd at 127.0.0.1:4822 cannot be reached: it refused the connection.')).toBe(
      'guacd unter 127.0.0.1:4822 ist nicht erreichbar: es hat die Verbindung abgelehnt.',
    );
    const { message, advice = '' } = machineFailure(
      { machine: 'db', protocol: 'ssh', source: 'local' },
      'No such key',
      GuacamoleStatus.unauthorized,
    );
    expect(coreText(message)).toBe(
      'Die Sitzung auf db ist beendet: der Rechner hat Benutzernamen oder Passwort abgelehnt (guacd: „No such key“).',
    );
    expect(coreText(advice)).toBe(
      'Prüfen Sie Benutzernamen und Passwort oder Schlüssel, wie sie eingegeben wurden oder im Tresor für sie aufbewahrt sind.',
    );
    expect(
      coreText(
        'A rule of this jump host forbids this session: Nights. If it should be allowed, ask the admin of the jump host.',
      ),
    ).toBe(
      'Eine Regel dieses Sprungrechners verbietet diese Sitzung: Nights. Wenn sie erlaubt sein soll, fragen Sie die Administration des Sprungrechners.',
    );
  });

  it.each([
    [
      'The guardrails cannot be used: rule 3, “No databases”, “targets.0”: “010.0.0.7” is no address or range such as 10.0.0.7 or 10.0.0.0/8.',
      'Die Leitplanken sind so nicht brauchbar: Regel 3, „No databases“, „targets.0“: „010.0.0.7“ ist keine Adresse und kein Bereich wie 10.0.0.7 oder 10.0.0.0/8.',
    ],
    [
      'guacd is version 1.3 or 1.4, which has known weaknesses: a hostile VNC server may run code in guacd (CVE-2023-43826), hostile terminal output may run code in guacd (CVE-2024-35164).',
      'guacd hat die Version 1.3 oder 1.4; diese hat bekannte Schwachstellen: ein feindlicher VNC-Server kann Code in guacd ausführen (CVE-2023-43826), feindliche Ausgaben im Terminal können Code in guacd ausführen (CVE-2024-35164).',
    ],
    ['is neither allow nor deny', 'ist weder allow noch deny'],
    ['is no whole number from 1 to 10080', 'ist keine ganze Zahl von 1 bis 10080'],
    [
      'The columns colour, floor mean nothing here and were left out.',
      'Hier ohne Bedeutung, darum weggelassen: die Spalten colour, floor.',
    ],
    ['12 lines could not be read and were left out.', 'Nicht lesbar, darum weggelassen: 12 Zeilen.'],
    [
      'It is the same machine as in my servers.csv, line 4.',
      'Das ist derselbe Rechner wie in my servers.csv, Zeile 4.',
    ],
    ['A tag is longer than 64 characters.', 'Ein Schlagwort ist länger als 64 Zeichen.'],
    [
      '3 hashed names are none of the SSH machines here; what else they could be cannot be told.',
      '3 verschlüsselte Namen sind keiner der SSH-Rechner hier; was sonst damit gemeint ist, lässt sich nicht sagen.',
    ],
    ['It is there already, as “my lines”.', 'Es gibt ihn schon, als „my lines“.'],
    [
      'The passphrase was wrong 1 time; the next try has to wait for 4 s.',
      'Die Passphrase war 1-mal falsch; der nächste Versuch muss 4 s warten.',
    ],
  ])('says of “%s” what it says in English', (english, german) => {
    setLocale('de');
    expect(coreText(english)).toBe(german);
  });

  it('is nothing where it would be only half of it', () => {
    const sentences = new Sentences({
      'It is {when}.': 'Es ist {when}.',
      '{what} is here.': '{what} ist da.',
    });
    expect(sentences.say('It is late. It is $& {when}.')).toBe('Es ist late. Es ist $& {when}.');
    expect(sentences.say('It is late. Go home.')).toBeNull();
    expect(sentences.say('Go home.')).toBeNull();
    expect(sentences.say('host:22 is here.')).toBe('host:22 ist da.');
    // Half of it would be in the other language.
    expect(sentences.say('The whole family is here.')).toBeNull();
  });
});
