import { useEffect, useState } from 'preact/hooks';
import type { SettingRow } from '../../../preload/contract/types.ts';
import { Button } from '../../shared/button.tsx';
import { Card } from '../../shared/card.tsx';
import { Form } from '../../shared/form.tsx';
import { t } from '../../shared/i18n/translate.ts';
import { panelId, Tabs, tabId } from '../../shared/tabs.tsx';
import { FailureNote } from '../failure-note.tsx';
import { GuardrailsSettings } from '../guardrails/guardrails-settings.tsx';
import { useModel } from '../model/model.ts';
import { PageHead } from '../parts/page-head.tsx';
import { AppSettings } from '../settings/app-settings.tsx';
import { OptionsTable } from '../settings/options-table.tsx';
import { RestartNote } from '../settings/restart-note.tsx';
import { SecretsSettings } from '../settings/secrets-settings.tsx';
import {
  type CardName,
  cardsOf,
  type SectionName,
  TAB_ORDER,
  type TabName,
  TOKEN_KEY,
  unplaced,
} from '../settings/sections.ts';
import { SettingField } from '../settings/setting-field.tsx';
import { TokenForm } from '../settings/token-form.tsx';
import { type Settings, useSettings } from '../settings/use-settings.ts';
import { VaultSettings } from '../vault/vault-settings.tsx';

/** Every setting, and where what counts comes from. */
export function SettingsPage() {
  const { route } = useModel();
  const asked = TAB_ORDER.find((name) => name === route.part.value);
  const [tab, setTab] = useState<TabName>(asked ?? 'connection');
  useEffect(() => {
    if (asked !== undefined) setTab(asked);
  }, [asked]);
  const settings = useSettings();
  return (
    <div class="page">
      <PageHead title={t('nav.settings')} />
      <div class="settings">
        <Tabs
          label={t('settings.parts')}
          upright
          tabs={TAB_ORDER.map((id) => ({ id, text: t(`settings.tab-${id}`) }))}
          current={tab}
          onSelect={(next) => {
            if (next !== tab) route.leave(() => setTab(next));
          }}
        />
        <div id={panelId(tab)} role="tabpanel" aria-labelledby={tabId(tab)} class="settings-panel">
          {settings.restartNeeded && <RestartNote settings={settings} />}
          <Panel tab={tab} settings={settings} />
        </div>
      </div>
    </div>
  );
}

function Panel({ tab, settings }: { readonly tab: TabName; readonly settings: Settings }) {
  switch (tab) {
    case 'guardrails':
      return <GuardrailsSettings />;
    case 'app':
      return <AppSettings />;
    case 'secrets':
      return <SecretsSettings />;
    case 'options':
      return <OptionsTable />;
    default:
      return <OutpostSettings section={tab} settings={settings} />;
  }
}

function OutpostSettings({
  section,
  settings,
}: {
  readonly section: SectionName;
  readonly settings: Settings;
}) {
  const { route } = useModel();
  const { loaded } = settings;
  if (loaded.kind === 'loading') return null;
  if (loaded.kind === 'failed') return <FailureNote failure={loaded.failure} tone="bad" />;
  const { rows } = loaded.value;
  const rowOf = (key: string) => rows.find((row) => row.key === key);
  const token = rowOf(TOKEN_KEY);
  return (
    <div class="stack">
      {cardsOf(section).map(({ card, keys }) => (
        <SettingsCard
          key={card}
          card={card}
          rows={keys.flatMap((key) => rowOf(key) ?? [])}
          settings={settings}
          token={card === 'authentik' ? token : undefined}
        />
      ))}
      {section === 'offline' && <VaultSettings />}
      {section === 'places' && (
        <SettingsCard card="more" rows={unplaced(rows)} settings={settings} token={undefined} />
      )}
      {section === 'connection' && (
        <Card title={t('settings.check-title')} lead={t('settings.check-lead')}>
          <div class="row">
            <Button onClick={() => route.go('setup')}>{t('settings.check')}</Button>
          </div>
        </Card>
      )}
    </div>
  );
}

function SettingsCard({
  card,
  rows,
  settings,
  token,
}: {
  readonly card: CardName;
  readonly rows: readonly SettingRow[];
  readonly settings: Settings;
  readonly token: SettingRow | undefined;
}) {
  if (rows.length === 0 && !token) return null;
  const [first, ...others] = rows;
  return (
    <Card title={t(`settings.card-${card}`)} lead={t(`settings.card-${card}-lead`)}>
      <Form>
        {first && <SettingField key={first.key} row={first} settings={settings} />}
        {token && <TokenForm row={token} onChange={settings.reload} />}
        {others.map((row) => (
          <SettingField key={row.key} row={row} settings={settings} />
        ))}
      </Form>
    </Card>
  );
}
