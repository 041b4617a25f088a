import { textKind, wrong } from '../kind.ts';

/** Which sessions are recorded where no guardrail says anything of it. */
export const RECORDING_MODES = ['never', 'always'] as const;
export type RecordingMode = (typeof RECORDING_MODES)[number];

export const recordingMode = textKind<RecordingMode>({
  expects: `one of ${RECORDING_MODES.join(', ')}`,
  input: { kind: 'choice', choices: RECORDING_MODES },
  read(text, field) {
    const mode = RECORDING_MODES.find((known) => known === text.toLowerCase());
    if (mode === undefined) throw wrong(recordingMode, field, text);
    return mode;
  },
  write: (mode) => mode,
});
