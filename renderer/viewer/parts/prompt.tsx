import { useEffect, useRef, useState } from 'preact/hooks';
import { Button } from '../../shared/button.tsx';
import { Dialog } from '../../shared/dialog.tsx';
import { Field, TextInput } from '../../shared/field.tsx';
import { t } from '../../shared/i18n/translate.ts';
import { shownName } from '../files/names.ts';
import { useViewer } from '../model/viewer.ts';

const KNOWN = ['username', 'password', 'domain', 'passphrase', 'private-key'] as const;
const SECRETS: readonly string[] = [
  'password',
  'passphrase',
  'private-key',
  'gateway-password',
  'sftp-password',
];

/** Asks for what guacd needs to get in. What is typed lives as long as this form. */
export function Prompt({ names }: { readonly names: readonly string[] }) {
  const viewer = useViewer();
  const form = useRef<HTMLFormElement>(null);
  // After the dialog, which gives the focus to its first button.
  useEffect(() => form.current?.querySelector('input')?.focus(), []);
  const [values, setValues] = useState<Readonly<Record<string, string>>>({});
  return (
    <Dialog
      title={t('viewer.prompt')}
      onClose={() => viewer.close()}
      actions={
        <>
          <Button onClick={() => viewer.close()}>{t('viewer.prompt-leave')}</Button>
          <Button look="primary" onClick={() => viewer.answer(values)}>
            {t('viewer.prompt-send')}
          </Button>
        </>
      }
    >
      <form
        ref={form}
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          viewer.answer(values);
        }}
      >
        <p class="quiet">{t('viewer.prompt-why')}</p>
        {names.map((name) => (
          <Field key={name} label={labelOf(name)}>
            {(ids) => (
              <TextInput
                ids={ids}
                value={values[name] ?? ''}
                secret={SECRETS.includes(name)}
                onInput={(value) => setValues((before) => ({ ...before, [name]: value }))}
                onEnter={() => viewer.answer(values)}
              />
            )}
          </Field>
        ))}
      </form>
    </Dialog>
  );
}

function labelOf(name: string): string {
  const known = KNOWN.find((one) => one === name);
  return known === undefined ? shownName(name) : t(`viewer.prompt-${known}`);
}
