import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { Snippet } from '../../../preload/contract/types.ts';
import { Button } from '../../shared/button.tsx';
import { FailureWords } from '../../shared/failure-words.tsx';
import { Field } from '../../shared/field.tsx';
import { t } from '../../shared/i18n/translate.ts';
import { useModel } from '../model/model.ts';

/** No snippet is longer; the call takes no more. In characters. */
const MAX_SNIPPET = 256 * 1024;

/** Takes the deployment snippet that authentik shows; what is in it is found on the main side. */
export function SnippetBox({ onFound }: { readonly onFound: (snippet: Snippet) => void }) {
  const { client } = useModel();
  const [text, setText] = useState('');
  const [said, say] = useState<{
    readonly tone: 'good' | 'bad';
    readonly words: ComponentChildren;
  } | null>(null);
  const read = async (pasted: string) => {
    if (pasted.trim() === '') return;
    if (pasted.length > MAX_SNIPPET) return say({ tone: 'bad', words: t('snippet.too-long') });
    const answer = await client.call('snippet/read', { text: pasted });
    if (!answer.ok) {
      say({ tone: 'bad', words: <FailureWords failure={answer.failure} /> });
      return;
    }
    const { host, hasToken } = answer.value;
    if (host === null && !hasToken) {
      say({ tone: 'bad', words: t('snippet.nothing') });
      return;
    }
    // It holds the token: it should not stand on the screen longer than it must.
    setText('');
    say({
      tone: 'good',
      words: t(host === null ? 'snippet.token' : hasToken ? 'snippet.both' : 'snippet.host'),
    });
    onFound(answer.value);
  };
  return (
    <Field
      label={t('snippet.label')}
      failure={said?.tone === 'bad' && said.words}
      help={said?.tone === 'good' ? <span class="good-words">{said.words}</span> : t('snippet.help')}
    >
      {(ids) => (
        <div class="stack tight">
          <textarea
            id={ids.control}
            class="input mono"
            rows={4}
            maxLength={MAX_SNIPPET}
            value={text}
            spellcheck={false}
            autocomplete="off"
            placeholder={'AUTHENTIK_HOST: https://…\nAUTHENTIK_TOKEN: …'}
            aria-describedby={ids.describedBy}
            aria-invalid={ids.invalid}
            onInput={(event) => setText(event.currentTarget.value)}
            onPaste={(event) => {
              const pasted = event.clipboardData?.getData('text/plain') ?? '';
              if (pasted === '') return;
              event.preventDefault();
              void read(pasted);
            }}
          />
          {text.trim() !== '' && (
            <div class="row">
              <Button onClick={() => void read(text)}>{t('snippet.read')}</Button>
            </div>
          )}
        </div>
      )}
    </Field>
  );
}
