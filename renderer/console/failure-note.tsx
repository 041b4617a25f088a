import { FailureWords, type Told } from '../shared/failure-words.tsx';
import { StateGlyph } from '../shared/state-glyph.tsx';
import type { Tone } from '../shared/tone.ts';

/** A failure beside the sign of how bad it is. */
export function FailureNote({ failure, tone }: { readonly failure: Told; readonly tone?: Tone }) {
  return (
    <div class="failure">
      {tone && <StateGlyph tone={tone} size={18} />}
      <div>
        <FailureWords failure={failure} />
      </div>
    </div>
  );
}
