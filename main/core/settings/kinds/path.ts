import { isAbsolute, resolve } from 'node:path';
import { type Kind, quote, refusal, textKind } from '../kind.ts';

const MAX_BYTES = 4096;

/**
 * An absolute path of a file or directory. In flags and the environment it may be relative to the working
 * directory; in the settings file it may not, since nobody can say what it would be relative to.
 */
export const path: Kind<string> = textKind({
  expects: 'a path such as /etc/sallyport/ca.pem',
  input: { kind: 'path', choices: [] },
  read(text, field) {
    const advice = `Give ${path.expects}.`;
    if (/\p{Cc}/u.test(text))
      throw refusal(
        field,
        'is no path: it has a line break or another control character in it',
        text.includes('-----BEGIN')
          ? 'This is a certificate or key itself: give the path of its file, without file:// in front.'
          : advice,
      );
    if (text.startsWith('~'))
      throw refusal(
        field,
        `is ${quote(text)}, and only a shell knows what ~ stands for`,
        'Write the whole path.',
      );
    if (field.source === 'file' && !isAbsolute(text))
      throw refusal(field, `is ${quote(text)}, a relative path`, 'Write the whole path.');
    const whole = resolve(text);
    if (Buffer.byteLength(whole) > MAX_BYTES)
      throw refusal(field, `is longer than ${MAX_BYTES} bytes`, advice);
    // The settings file and env files lose it again, and then it would be another path.
    if (whole !== whole.trimEnd()) throw refusal(field, `is ${quote(text)}, with a blank at its end`, advice);
    return whole;
  },
  write: (absolute) => absolute,
});
