import type { Language, Notices, Theme } from '../../../preload/contract/types.ts';
import { Card } from '../../shared/card.tsx';
import { Field } from '../../shared/field.tsx';
import { Form } from '../../shared/form.tsx';
import { t } from '../../shared/i18n/translate.ts';
import { Select } from '../../shared/select.tsx';
import { Switch } from '../../shared/switch.tsx';
import { useModel } from '../model/model.ts';

const THEMES: readonly Theme[] = ['system', 'light', 'dark'];
const LANGUAGES: readonly Language[] = ['system', 'en', 'de'];
const NOTICES = [
  'connectionLost',
  'tokenRejected',
  'guacdDying',
  'updateFailed',
  'recordingFailed',
  'sessionStarted',
  'sessionEnded',
] as const satisfies readonly (keyof Notices)[];

/** What belongs to this window and the tray, not to the outpost. */
export function AppSettings() {
  const model = useModel();
  const preferences = model.preferences.value;
  if (!preferences) return null;
  const set = (change: Parameters<typeof model.prefer>[0]) => void model.prefer(change);
  return (
    <div class="stack">
      <Card title={t('app.appearance')}>
        <Form>
          <Field label={t('app.theme')} help={t('app.theme-help')} beside>
            {(ids) => (
              <Select
                id={ids.control}
                describedBy={ids.describedBy}
                value={preferences.theme}
                choices={THEMES.map((value) => ({ value, text: t(`app.theme-${value}`) }))}
                onChange={(theme) => set({ theme })}
              />
            )}
          </Field>
          <Field label={t('app.language')} help={t('app.language-help')} beside>
            {(ids) => (
              <Select
                id={ids.control}
                describedBy={ids.describedBy}
                value={preferences.language}
                choices={LANGUAGES.map((value) => ({ value, text: t(`app.language-${value}`) }))}
                onChange={(language) => set({ language })}
              />
            )}
          </Field>
        </Form>
      </Card>
      <Card title={t('app.start')}>
        <Form>
          <Field label={t('app.start-at-login')} help={t('app.start-at-login-help')} beside>
            {(ids) => (
              <Switch
                id={ids.control}
                describedBy={ids.describedBy}
                on={preferences.startAtLogin}
                onChange={(startAtLogin) => set({ startAtLogin })}
              />
            )}
          </Field>
          <Field label={t('app.start-minimised')} help={t('app.start-minimised-help')} beside>
            {(ids) => (
              <Switch
                id={ids.control}
                describedBy={ids.describedBy}
                on={preferences.startMinimised}
                onChange={(startMinimised) => set({ startMinimised })}
              />
            )}
          </Field>
        </Form>
      </Card>
      <Card title={t('app.notices')} lead={t('app.notices-lead')}>
        <Form>
          {NOTICES.map((name) => (
            <Field key={name} label={t(`notice.${name}`)} help={t(`notice.${name}-help`)} beside>
              {(ids) => (
                <Switch
                  id={ids.control}
                  describedBy={ids.describedBy}
                  on={preferences.notices[name]}
                  onChange={(on) => set({ notices: { [name]: on } })}
                />
              )}
            </Field>
          ))}
        </Form>
      </Card>
    </div>
  );
}
