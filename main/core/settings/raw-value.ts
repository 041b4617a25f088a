import type { SallyportError } from '../errors.ts';
import type { SettingKey } from './table.ts';

/** Where a value comes from. */
export type Origin =
  | { readonly kind: 'flag'; readonly name: string }
  | { readonly kind: 'environment'; readonly name: string }
  | { readonly kind: 'file'; readonly name: string }
  | { readonly kind: 'default' };

/** A value as text, not decoded yet. It may be a secret: never shown, never logged. */
export interface RawValue {
  readonly text: string;
  readonly origin: Origin & { readonly kind: 'flag' | 'environment' };
}

/** What one source says: values by key, and why others could not be read. */
export interface RawValues {
  readonly values: ReadonlyMap<SettingKey, RawValue>;
  readonly problems: readonly SallyportError[];
}
