import { useState } from 'preact/hooks';
import type { DoctorReport } from '../../../main/core/doctor/step.ts';
import { Button } from '../../shared/button.tsx';
import { Card } from '../../shared/card.tsx';
import { CopyButton } from '../../shared/copy-button.tsx';
import { t } from '../../shared/i18n/translate.ts';
import { useModel } from '../model/model.ts';

/** Commands to copy, the same in every language; `docs/guacd.md` explains them. */
const WAYS = [
  {
    id: 'installed',
    commands: [
      'sudo apt install guacd libguac-client-ssh0 libguac-client-rdp0 libguac-client-vnc0',
      'sudo dnf install guacd libguac-client-ssh libguac-client-rdp libguac-client-vnc',
    ],
  },
  { id: 'container', commands: ['sudo apt install podman', 'sallyport config set guacd.target container'] },
  { id: 'external', commands: ['sallyport config set guacd.target guacd.example.org:4822'] },
] as const;

/** Whether there is no guacd that could be started, so that the ways to one should be shown. */
export function wantsGuacd({ steps }: Pick<DoctorReport, 'steps'>): boolean {
  return steps.some(
    ({ id, outcome }) =>
      id === 'guacd' &&
      outcome.kind === 'failed' &&
      (outcome.failure.code === 'guacd-missing' || outcome.failure.code === 'guacd-container'),
  );
}

/** The three ways to a guacd, with their commands; the one in a container can be taken with a click. */
export function GuacdWays({ onChosen }: { readonly onChosen: () => void }) {
  const model = useModel();
  const [busy, setBusy] = useState(false);
  const inContainer = async () => {
    setBusy(true);
    const kept = await model.act('config/set', { key: 'guacd.target', value: 'container' });
    // Which guacd is used is decided when the outpost's process begins.
    const begun = kept && (await model.act('outpost/restart', {}, t('ways.chosen')));
    setBusy(false);
    if (begun) onChosen();
  };
  return (
    <Card title={t('ways.title')} lead={t('ways.lead')} tone="warn">
      <ol class="how ways">
        {WAYS.map(({ id, commands }) => (
          <li key={id} class="stack">
            <div>
              <h3>{t(`ways.${id}`)}</h3>
              <p class="quiet">{t(`ways.${id}-words`)}</p>
            </div>
            {commands.map((command) => (
              <div key={command} class="command">
                <code class="wrap-anywhere">{command}</code>
                <CopyButton small text={() => command} copy={model.copy} label={t('ways.copy', { command })}>
                  {t('copy.copy')}
                </CopyButton>
              </div>
            ))}
            {id === 'container' && (
              <div class="row">
                <Button busy={busy} onClick={() => void inContainer()}>
                  {t('ways.use-container')}
                </Button>
              </div>
            )}
          </li>
        ))}
      </ol>
    </Card>
  );
}
