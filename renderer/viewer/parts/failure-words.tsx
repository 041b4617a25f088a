import { type Failure, failureText } from '../../../main/core/errors.ts';
import { failureTitle } from '../../shared/i18n/core-words.ts';

/** The core's own sentence; in another language its title stands before it. */
export function FailureWords({ failure }: { readonly failure: Failure }) {
  const title = failureTitle(failure.code);
  return (
    <>
      {title !== null && <p class="strong">{title}</p>}
      <p lang="en">{failureText(failure)}</p>
    </>
  );
}
