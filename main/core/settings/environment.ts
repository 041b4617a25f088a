import { fileURLToPath } from 'node:url';
import { readBoundedFile } from '../base/bounded-file.ts';
import { SallyportError } from '../errors.ts';
import { cleanText, quote } from './kind.ts';
import type { RawValue, RawValues } from './raw-value.ts';
import { SETTING, SETTING_KEYS, type SettingKey } from './table.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** No value is longer, in bytes of UTF-8. */
export const MAX_VALUE_BYTES = 64 * 1024;

const REFERENCE = /^(env|file):\/\//;

/**
 * The settings that the environment holds, not decoded. A value may be `file:///path` (the file's content,
 * trimmed) or `env://NAME` (another variable's), with `?text` behind it for when there is none, as authentik
 * reads them. An empty value counts as not set. Never rejects: what cannot be read is among the problems.
 */
export async function readEnvironment(env: Environment): Promise<RawValues> {
  const values = new Map<SettingKey, RawValue>();
  const problems: SallyportError[] = [];
  for (const key of SETTING_KEYS) {
    const name = SETTING[key].environment.find((candidate) => cleanText(env[candidate] ?? '') !== '');
    if (name === undefined) continue;
    try {
      const text = await resolveValue(name, cleanText(env[name] ?? ''), env);
      if (text !== '') values.set(key, { text, origin: { kind: 'environment', name } });
    } catch (error) {
      problems.push(SallyportError.from(error, name, 'settings-invalid'));
    }
  }
  return { values, problems };
}

/** A value with its reference followed, one step and no further. Throws `settings-invalid` or `file-unreadable`. */
export async function resolveValue(name: string, value: string, env: Environment): Promise<string> {
  checkLength(name, value);
  const scheme = REFERENCE.exec(value)?.[1];
  if (scheme === undefined) return value;
  const question = value.indexOf('?');
  const target = question < 0 ? value : value.slice(0, question);
  const fallback = question < 0 ? null : value.slice(question + 1);
  const found =
    scheme === 'env' ? readVariable(name, target, fallback, env) : await readFile(name, target, fallback);
  const text = cleanText(found);
  checkLength(name, text);
  // Two steps could be a loop, and nobody needs them.
  if (REFERENCE.test(text))
    throw new SallyportError('settings-invalid', `${name} refers to something that refers on again.`, {
      advice: 'Let it refer to the value itself: file:// and env:// are followed one step.',
    });
  return text;
}

function readVariable(name: string, target: string, fallback: string | null, env: Environment): string {
  const other = target.slice('env://'.length).replace(/\/$/, '');
  const value = env[other];
  if (value !== undefined && value.trim() !== '') return value;
  if (fallback !== null) return fallback;
  const what = other === '' ? 'env:// without a name' : `the variable ${quote(other)}, which is not set`;
  throw new SallyportError('settings-invalid', `${name} refers to ${what}.`, {
    advice: `Set it, or give ${name} its value directly.`,
  });
}

async function readFile(name: string, target: string, fallback: string | null): Promise<string> {
  const path = pathOf(name, target);
  const subject = `${path} (named by ${name})`;
  try {
    const content = await readValueFile(path, subject);
    if (cleanText(content) !== '') return content;
  } catch (error) {
    if (fallback === null) throw error;
  }
  if (fallback !== null) return fallback;
  throw new SallyportError('settings-invalid', `${subject} is empty.`, {
    advice: `Write the value into it, or remove ${name}.`,
  });
}

/** The content of a file that holds one value. Rejects with `file-unreadable`. */
export async function readValueFile(path: string, subject: string): Promise<string> {
  const content = await readBoundedFile(path, MAX_VALUE_BYTES, subject);
  return content.toString('utf8');
}

function pathOf(name: string, target: string): string {
  try {
    // `file://secrets/token` would name the host `secrets`.
    if (/^file:\/\/(\/|localhost\/)/.test(target)) return fileURLToPath(target);
  } catch {
    // Refused below, in words.
  }
  throw new SallyportError('settings-invalid', `${name} is ${quote(target)}, which names no file.`, {
    advice: 'Write three slashes and the whole path, such as file:///run/secrets/token.',
  });
}

function checkLength(name: string, value: string): void {
  if (Buffer.byteLength(value) <= MAX_VALUE_BYTES) return;
  throw new SallyportError('settings-invalid', `${name} is longer than ${MAX_VALUE_BYTES} bytes.`, {
    advice: 'Is it the right value?',
  });
}
