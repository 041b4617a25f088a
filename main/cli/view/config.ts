import type { ConfigRow } from '../../control/config-schema.ts';
import type { Style } from './style.ts';
import { table } from './table.ts';

/** What a line shows of a setting, or of an option in authentik. */
export type ShownRow = Pick<ConfigRow, 'key' | 'value' | 'origin' | 'description'>;

/** Every setting with its effective value and where that comes from. */
export function configView(style: Style, rows: readonly ShownRow[]): string[] {
  return table<ShownRow>(
    style,
    [
      { title: 'SETTING', text: ({ key }) => key },
      { title: 'VALUE', text: ({ value }) => value ?? '–', shrinkTo: 16 },
      { title: 'FROM', text: ({ origin }) => origin, shrinkTo: 8 },
      { title: 'WHAT IT IS', text: ({ description }) => description, shrinkTo: 12 },
    ],
    rows,
  );
}
