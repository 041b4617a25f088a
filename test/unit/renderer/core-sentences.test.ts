import { afterEach, describe, expect, it } from 'vitest';
import { SENTENCES_DE } from '../../../main/german/de-sentences.ts';
import { Sentences } from '../../../main/german/sentences.ts';
import { coreText, setLocale } from '../../../renderer/shared/i18n/translate.ts';
import { textsBelow } from '../../architecture/texts.ts';

afterEach(() => setLocale('en'));

const lower = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);
const facts = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();

describe('the German of the core’s sentences', () => {
  it('is of sentences that the core says, to the letter', () => {
    const core = ['core', 'process', 'control'].flatMap((part) => textsBelow(`main/${part}`)).join('\n');
    const isSaid = (sentence: string) => {
      // Examples are facts here, and words there.
      const open = sentence.replace(/"?\{(?!example)\w+\}"?/g, '{}').split('{example}');
      const [first = ''] = open;
      // Put together of parts there: `${subject} ${what}.`, or begun as a sentence only where it is shown.
      const stopless = (text: string) => text.replace(/\.$/, '');
      const parts = [
        first,
        first.startsWith('{} ') ? stopless(first.slice(3)) : first,
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
    expect(
      coreText(
        'A rule of this jump host forbids this session: Nights. If it should be allowed, ask the admin of the jump host.',
      ),
    ).toBe(
      'Eine Regel dieses Sprungrechners verbietet diese Sitzung: Nights. Wenn sie erlaubt sein soll, fragen Sie die Administration des Sprungrechners.',
    );
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
