import type { Failure } from '../../main/core/errors.ts';
import { CoreWords } from './core-words.tsx';
import { failureTitle } from './i18n/core-words.ts';
import { coreText } from './i18n/translate.ts';

/** A failure as the core may say it; where its code is known, other languages can give it a title. */
export type Told = Pick<Failure, 'message' | 'advice'> & Partial<Pick<Failure, 'code'>>;

/**
 * What happened, why, and what to do. The sentence is the core's, the same as in log and tray; where another language has
 * none for it, that puts its own title above the English one.
 */
export function FailureWords({ failure }: { readonly failure: Told }) {
  const { code, message, advice } = failure;
  const title = code === undefined || coreText(message) !== null ? null : failureTitle(code);
  return (
    <>
      {title !== null && <p class="failure-title">{title}</p>}
      <p class="wrap-anywhere">
        <CoreWords text={message} />
      </p>
      {advice !== undefined && (
        <p class="quiet wrap-anywhere">
          <CoreWords text={advice} />
        </p>
      )}
    </>
  );
}
