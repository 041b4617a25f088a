import type { RecordingInfo } from '../../control/recordings-schema.ts';
import { formatBytes } from '../../core/describe-units.ts';
import { shortIds } from '../session-id.ts';
import type { Style } from './style.ts';
import { table } from './table.ts';

type Row = RecordingInfo & { readonly shortId: string };

const STATES: Readonly<Record<RecordingInfo['state'], string>> = {
  running: 'running',
  whole: '',
  'broken-off': 'broken off',
};

export function recordingsView(style: Style, recordings: readonly RecordingInfo[]): string[] {
  if (recordings.length === 0) return ['No recordings.'];
  const ids = shortIds(recordings.map(({ id }) => id));
  return table<Row>(
    style,
    [
      { title: 'BEGAN', text: ({ startedAt }) => localTime(startedAt) },
      { title: 'LENGTH', text: ({ durationMs }) => lengthText(durationMs), align: 'right' },
      { title: 'USER', text: ({ user }) => user ?? '', shrinkTo: 6 },
      { title: 'PROTOCOL', text: ({ protocol }) => protocol.toUpperCase() },
      { title: 'MACHINE', text: ({ machine }) => machine, shrinkTo: 12 },
      { title: 'SIZE', text: ({ bytes }) => formatBytes(bytes), align: 'right' },
      { title: 'ID', text: ({ shortId }) => shortId },
      {
        title: '',
        text: ({ state, sealed }) => [STATES[state], sealed ? 'sealed' : ''].filter(Boolean).join(', '),
      },
    ],
    recordings.map((recording, index) => ({ ...recording, shortId: ids[index] ?? recording.id })),
  );
}

/** `1:02:03`, as players show it. */
export function lengthText(ms: number): string {
  const seconds = Math.round(ms / 1000);
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return parts.map((part, index) => (index === 0 ? String(part) : String(part).padStart(2, '0'))).join(':');
}

function localTime(at: number): string {
  const date = new Date(at);
  const two = (number: number) => String(number).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}`;
}
