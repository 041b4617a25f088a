import { useEffect, useState } from 'preact/hooks';
import type { Failure } from '../../../main/core/errors.ts';
import { Button } from '../../shared/button.tsx';
import { Card } from '../../shared/card.tsx';
import { FailureWords } from '../../shared/failure-words.tsx';
import { Field, TextInput } from '../../shared/field.tsx';
import { Form } from '../../shared/form.tsx';
import { t } from '../../shared/i18n/translate.ts';
import { FailureNote } from '../failure-note.tsx';
import { useModel } from '../model/model.ts';
import { DoctorSteps } from '../parts/doctor-steps.tsx';
import { GuacdWays, wantsGuacd } from '../parts/guacd-ways.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { useUnsaved } from '../parts/unsaved.tsx';
import { aboutWhatIsKept, Warnings } from '../parts/warnings.tsx';
import { failureTried } from '../settings/failure-field.ts';
import { CertificateCard, TrustChoice } from '../setup/certificate-card.tsx';
import {
  type Draft,
  EMPTY_DRAFT,
  proposedOf,
  type Trust,
  wantsCertificate,
  withSnippet,
} from '../setup/draft.ts';
import { keepAndStart } from '../setup/keep.ts';
import { PracticeCard } from '../setup/practice-card.tsx';
import { SnippetBox } from '../setup/snippet-box.tsx';

/** From nothing to a running outpost, on one page. Nothing is kept before Start. */
export function SetupPage() {
  const model = useModel();
  const { doctor, app, status } = model;
  const first = app.value?.firstRun ?? false;
  const title = t(first ? 'setup.title' : 'setup.title-again');
  const [begun] = useState<Draft>({ ...EMPTY_DRAFT, host: status.value?.host ?? '' });
  const [draft, setDraft] = useState(begun);
  const [refused, setRefused] = useState<Failure | null>(null);
  const [hostFailure, setHostFailure] = useState<Failure | null>(null);
  const [starting, setStarting] = useState(false);
  const state = doctor.state.value;
  const running = state.kind === 'running';
  const healthy = state.kind === 'done' && state.report.healthy;
  const tried = (key: string) => (state.kind === 'done' ? failureTried(state.report, key) : null);
  const wrongHost = hostFailure ?? tried('authentik.host');
  const wrongToken = tried('authentik.token');
  const hasToken = draft.token !== '' || draft.tokenId !== null;
  const complete = draft.host.trim() !== '' && (hasToken || !first);

  useEffect(() => doctor.forget(), [doctor]);
  const change = (next: Partial<Draft>) => {
    setDraft({ ...draft, ...next });
    doctor.forget();
  };
  const test = async (tried: Draft) => {
    const checked = await model.client.call('config/check', { key: 'authentik.host', value: tried.host });
    const failure = checked.ok ? checked.value.failure : checked.failure;
    setHostFailure(failure);
    if (!failure) await doctor.run(proposedOf(tried));
  };
  const believe = (trust: Trust) => {
    const next = { ...draft, trust };
    setDraft(next);
    if (trust.kind !== 'system') void test(next);
  };
  const start = async () => {
    setStarting(true);
    const failure = await keepAndStart(model, draft);
    setRefused(failure);
    // What is kept is not unsaved any more, and this page goes.
    if (failure) setStarting(false);
    else model.route.go('overview');
  };

  const isTyped = hasToken || draft.host !== begun.host;
  useUnsaved(isTyped && !starting ? { name: title, save: null } : null);

  return (
    <div class="page setup">
      <PageHead title={title} lead={t('setup.lead')}>
        {!first && <Button onClick={() => model.route.go('overview')}>{t('setup.back')}</Button>}
      </PageHead>
      {first && <Warnings warnings={(status.value?.warnings ?? []).filter(aboutWhatIsKept)} />}
      <div class="setup-grid">
        <div class="stack">
          <Card title={t('setup.connect')} lead={t('setup.connect-lead')}>
            <Form>
              <SnippetBox onFound={(snippet) => change(withSnippet(draft, snippet))} />
              <p class="or">
                <span>{t('setup.or')}</span>
              </p>
              <Field
                label={t('setup.host')}
                help={t('setup.host-help')}
                failure={wrongHost && <FailureWords failure={wrongHost} />}
              >
                {(ids) => (
                  <TextInput
                    ids={ids}
                    value={draft.host}
                    placeholder="https://authentik.example.org"
                    onInput={(host) => change({ host, trust: { kind: 'system' } })}
                  />
                )}
              </Field>
              <Field
                label={t('setup.token')}
                help={t(draft.tokenId ? 'setup.token-found' : 'setup.token-help')}
                failure={wrongToken && <FailureWords failure={wrongToken} />}
              >
                {(ids) => (
                  <TextInput
                    ids={ids}
                    secret
                    value={draft.token}
                    placeholder={draft.tokenId || !first ? '••••••••••••' : ''}
                    onInput={(token) => change({ token, tokenId: null })}
                  />
                )}
              </Field>
              {state.kind !== 'done' && (
                <TrustChoice trust={draft.trust} onUndo={() => believe({ kind: 'system' })} />
              )}
              <div class="row">
                {running ? (
                  <Button onClick={() => void doctor.cancel()}>{t('doctor.cancel')}</Button>
                ) : (
                  <Button
                    look={healthy ? 'normal' : 'primary'}
                    disabled={!complete}
                    onClick={() => void test(draft)}
                  >
                    {t('setup.test')}
                  </Button>
                )}
                {healthy && (
                  <Button look="primary" icon="play" busy={starting} onClick={() => void start()}>
                    {t('setup.start')}
                  </Button>
                )}
                {state.kind === 'done' && !healthy && (
                  <Button look="plain" busy={starting} onClick={() => void start()}>
                    {t('setup.start-anyway')}
                  </Button>
                )}
              </div>
              {refused && <FailureNote failure={refused} tone="bad" />}
            </Form>
          </Card>
          {state.kind === 'done' && wantsCertificate(state.report) && (
            <CertificateCard host={draft.host} trust={draft.trust} onTrust={believe} />
          )}
          {state.kind === 'done' && wantsGuacd(state.report) && (
            <GuacdWays onChosen={() => void test(draft)} />
          )}
        </div>
        <div class="stack">
          {state.kind === 'idle' ? (
            <>
              <Card title={t('setup.where')}>
                <ol class="how">
                  <li>{t('setup.where-1')}</li>
                  <li>{t('setup.where-2')}</li>
                  <li>{t('setup.where-3')}</li>
                </ol>
              </Card>
              <PracticeCard />
            </>
          ) : (
            <Card title={t('setup.checks')}>
              <DoctorSteps state={state} />
            </Card>
          )}
        </div>
      </div>
    </div>
  );
}
