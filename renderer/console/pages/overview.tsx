import { Button } from '../../shared/button.tsx';
import { Card } from '../../shared/card.tsx';
import { t } from '../../shared/i18n/translate.ts';
import { useModel } from '../model/model.ts';
import { Charts } from '../parts/charts.tsx';
import { HealthTiles } from '../parts/health-tiles.tsx';
import { Hero } from '../parts/hero.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { RecentSessions } from '../parts/recent-sessions.tsx';
import { Warnings } from '../parts/warnings.tsx';

/** How the outpost is, at a glance, and what to do where it is not well. */
export function OverviewPage() {
  const { app, status } = useModel();
  const { value } = status;
  return (
    <div class="page">
      <PageHead title={t('nav.overview')} />
      <Hero />
      {app.value && value && value.host === null && <NotSetUp />}
      {value && <Warnings warnings={value.warnings} lead={t('overview.warnings-lead')} />}
      {value && <HealthTiles status={value} />}
      {value && !value.forMember && <Charts />}
      {value && <RecentSessions status={value} />}
    </div>
  );
}

function NotSetUp() {
  const { route } = useModel();
  return (
    <Card title={t('overview.set-up-title')} lead={t('overview.set-up-lead')} tone="accent">
      <div class="row">
        <Button look="primary" onClick={() => route.go('setup')}>
          {t('overview.set-up')}
        </Button>
      </div>
    </Card>
  );
}
