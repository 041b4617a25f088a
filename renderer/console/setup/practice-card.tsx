import { Button } from '../../shared/button.tsx';
import { Card } from '../../shared/card.tsx';
import { t } from '../../shared/i18n/translate.ts';
import { FailureNote } from '../failure-note.tsx';
import { useModel } from '../model/model.ts';

/** The way in for those who have no authentik at hand. */
export function PracticeCard() {
  const model = useModel();
  const { app } = model;
  const practice = app.value?.practice ?? 'off';
  const failure = app.value?.practiceFailure ?? null;
  return (
    <Card title={t('practice.try-title')}>
      <div class="stack">
        <p class="quiet">{t('practice.try-words')}</p>
        {failure && practice === 'off' && <FailureNote failure={failure} tone="bad" />}
        <div class="row">
          {practice === 'running' ? (
            <Button icon="external" onClick={() => void model.act('link/open', { link: 'practice' })}>
              {t('practice.open')}
            </Button>
          ) : (
            <Button
              icon="play"
              busy={practice === 'starting'}
              onClick={() => void model.act('practice/start', {})}
            >
              {t(practice === 'starting' ? 'practice.starting' : 'practice.try')}
            </Button>
          )}
        </div>
      </div>
    </Card>
  );
}

/** Over every page while practice runs, so that nobody takes it for the real thing. */
export function PracticeBanner() {
  const model = useModel();
  const practice = model.app.value?.practice;
  if (practice === undefined || practice === 'off') return null;
  return (
    <aside class="banner" aria-label={t('practice.banner-label')}>
      <p>{t(practice === 'starting' ? 'practice.banner-starting' : 'practice.banner')}</p>
      <div class="row">
        {practice === 'running' && (
          <Button small icon="external" onClick={() => void model.act('link/open', { link: 'practice' })}>
            {t('practice.open')}
          </Button>
        )}
        <Button small onClick={() => void model.act('practice/stop', {})}>
          {t('practice.stop')}
        </Button>
      </div>
    </aside>
  );
}
