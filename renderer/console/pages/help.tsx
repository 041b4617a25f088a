import type { LinkName, Versions } from '../../../preload/contract/types.ts';
import { Button } from '../../shared/button.tsx';
import { Card } from '../../shared/card.tsx';
import { CopyButton } from '../../shared/copy-button.tsx';
import { t } from '../../shared/i18n/translate.ts';
import { useModel } from '../model/model.ts';
import { useLoaded } from '../model/use-loaded.ts';
import { Diagnostics } from '../parts/diagnostics.tsx';
import { DoctorSteps } from '../parts/doctor-steps.tsx';
import { GuacdWays, wantsGuacd } from '../parts/guacd-ways.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { statusText } from '../status-text.ts';

const LINKS = ['authentik', 'outposts', 'docs-rac', 'guacd-releases'] as const satisfies readonly LinkName[];
const SHORTCUTS = ['pages', 'find', 'rows', 'open', 'close'] as const;

/** What it is made of, where to read on, and what to hand over when something is wrong. */
export function HelpPage() {
  const model = useModel();
  const versions = useVersions();
  return (
    <div class="page">
      <PageHead title={t('nav.help')}>
        <CopyButton text={() => statusText(model.app.value, versions, Date.now())} copy={model.copy}>
          {t('help.copy-status')}
        </CopyButton>
      </PageHead>
      <Check />
      <Diagnostics />
      <div class="two">
        <Card title={t('help.links')} lead={t('help.links-lead')}>
          <ul class="links">
            {LINKS.map((link) => (
              <li key={link}>
                <Button icon="external" look="plain" onClick={() => void model.act('link/open', { link })}>
                  {t(`help.link-${link}`)}
                </Button>
              </li>
            ))}
          </ul>
        </Card>
        <Card title={t('help.shortcuts')}>
          <dl class="facts">
            {SHORTCUTS.map((name) => (
              <>
                <dt key={name}>
                  <kbd>{t(`shortcut.${name}-keys`)}</kbd>
                </dt>
                <dd>{t(`shortcut.${name}`)}</dd>
              </>
            ))}
          </dl>
        </Card>
      </div>
      <Card title={t('help.versions')}>
        <dl class="facts">
          <dt>Sallyport</dt>
          <dd>{versions?.sallyport ?? model.app.value?.version ?? '–'}</dd>
          <dt>Electron</dt>
          <dd>{model.app.value?.electron ?? '–'}</dd>
          <dt>Node.js</dt>
          <dd>{versions?.node ?? '–'}</dd>
          <dt>OpenSSL</dt>
          <dd>{versions?.openssl ?? '–'}</dd>
          <dt>guacd</dt>
          <dd>{versions?.guacd ?? '–'}</dd>
          <dt>{t('help.system')}</dt>
          <dd>{versions ? `${versions.platform} · ${versions.arch}` : '–'}</dd>
        </dl>
      </Card>
    </div>
  );
}

function Check() {
  const { doctor } = useModel();
  const { value: state } = doctor.state;
  const running = state.kind === 'running';
  return (
    <>
      <Card
        title={t('help.check')}
        lead={t('help.check-lead')}
        actions={
          running ? (
            <Button onClick={() => void doctor.cancel()}>{t('doctor.cancel')}</Button>
          ) : (
            <Button onClick={() => void doctor.run(null)}>{t('doctor.run')}</Button>
          )
        }
      >
        {state.kind !== 'idle' && <DoctorSteps state={state} />}
      </Card>
      {state.kind === 'done' && wantsGuacd(state.report) && (
        <GuacdWays onChosen={() => void doctor.run(null)} />
      )}
    </>
  );
}

function useVersions(): Versions | null {
  const { client } = useModel();
  const { loaded } = useLoaded(() => client.call('app/versions', {}));
  return loaded.kind === 'there' ? loaded.value : null;
}
