import { useState } from 'preact/hooks';
import { Button } from '../../shared/button.tsx';
import { Field, TextInput } from '../../shared/field.tsx';
import { Form } from '../../shared/form.tsx';
import { t } from '../../shared/i18n/translate.ts';
import { useViewer } from '../model/viewer.ts';
import { OverlayCard } from './overlay-card.tsx';

/** Asks for a login in place of the one that the machine has refused. What is typed lives as long as this form. */
export function TypeLogin({ onBack }: { readonly onBack: () => void }) {
  const viewer = useViewer();
  const [user, setUser] = useState('');
  const [password, setPassword] = useState('');
  const ready = password !== '';
  const open = () => {
    if (ready) void viewer.open({ login: { user: user.trim(), password } });
  };
  return (
    <OverlayCard
      tone="warn"
      title={t('viewer.login')}
      words={<p class="quiet">{t('viewer.login-why')}</p>}
      onEscape={onBack}
      actions={
        <>
          <Button look="primary" icon="play" disabled={!ready} onClick={open}>
            {t('viewer.prompt-send')}
          </Button>
          <Button onClick={onBack}>{t('viewer.login-back')}</Button>
        </>
      }
    >
      <Form>
        <Field label={t('viewer.prompt-username')} help={t('viewer.login-user-help')}>
          {(ids) => <TextInput ids={ids} value={user} onInput={setUser} onEnter={open} />}
        </Field>
        <Field label={t('viewer.prompt-password')}>
          {(ids) => (
            <TextInput ids={ids} secret first value={password} onInput={setPassword} onEnter={open} />
          )}
        </Field>
      </Form>
    </OverlayCard>
  );
}
