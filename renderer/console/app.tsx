import { useEffect, useState } from 'preact/hooks';
import { countSessions } from '../../main/core/describe-session.ts';
import { t } from '../shared/i18n/translate.ts';
import { Icon, Mark } from '../shared/icon.tsx';
import { StateGlyph } from '../shared/state-glyph.tsx';
import { Toasts } from '../shared/toast.tsx';
import { useModel } from './model/model.ts';
import { hashOf, PAGES, type Page } from './model/route.ts';
import { ActivityPage } from './pages/activity.tsx';
import { HelpPage } from './pages/help.tsx';
import { LogPage } from './pages/log.tsx';
import { MachinesPage } from './pages/machines.tsx';
import { OverviewPage } from './pages/overview.tsx';
import { SessionsPage } from './pages/sessions.tsx';
import { SettingsPage } from './pages/settings.tsx';
import { SetupPage } from './pages/setup.tsx';
import { UnsavedQuestion } from './parts/unsaved.tsx';
import { PracticeBanner } from './setup/practice-card.tsx';
import { sayStatus } from './words.ts';

/** The window: navigation at the left, the page beside it. */
export function App() {
  const model = useModel();
  const { route, notes, app } = model;
  const page = usePage();
  useShortcuts();
  return (
    <div class="window">
      <button type="button" class="skip" onClick={focusMain}>
        {t('nav.skip')}
      </button>
      <nav class="nav" aria-label={t('nav.label')}>
        <div class="brand">
          <Mark />
          <span class="nav-text">Sallyport</span>
        </div>
        <ul class="nav-list">
          {PAGES.map((name) => (
            <li key={name}>
              <a
                class="nav-link"
                href={hashOf(name)}
                aria-current={page === name ? 'page' : undefined}
                title={t(`nav.${name}`)}
                onClick={(event) => {
                  event.preventDefault();
                  route.go(name);
                }}
              >
                <Icon name={name} />
                <span class="nav-text">{t(`nav.${name}`)}</span>
                {name === 'sessions' && <OpenCount />}
              </a>
            </li>
          ))}
        </ul>
        <MiniState />
      </nav>
      <main class="main" id="main" tabIndex={-1}>
        <PracticeBanner />
        {app.value !== null && <CurrentPage page={page} />}
      </main>
      <UnsavedQuestion />
      <Toasts notes={notes.value} onClose={(id) => model.dismiss(id)} />
    </div>
  );
}

function CurrentPage({ page }: { readonly page: Page }) {
  switch (page) {
    case 'setup':
      return <SetupPage />;
    case 'overview':
      return <OverviewPage />;
    case 'sessions':
      return <SessionsPage />;
    case 'machines':
      return <MachinesPage />;
    case 'activity':
      return <ActivityPage />;
    case 'log':
      return <LogPage />;
    case 'settings':
      return <SettingsPage />;
    case 'help':
      return <HelpPage />;
    default:
      return page satisfies never;
  }
}

/** On the first run the overview has nothing to show: the set-up stands in its place. */
function usePage(): Page {
  const { route, app } = useModel();
  const { value } = route.page;
  const first = app.value?.firstRun === true && app.value.practice === 'off';
  return first && value === 'overview' ? 'setup' : value;
}

function OpenCount() {
  const count = countSessions(useModel().status.value?.sessions ?? []);
  if (count === 0) return null;
  return (
    <span class="count">
      {count}
      <span class="unseen"> {t('nav.open')}</span>
    </span>
  );
}

/** The state in small, on every page. */
function MiniState() {
  const { status, now } = useModel();
  const [said, setSaid] = useState('');
  const current = status.value ? sayStatus(status.value, now.value) : null;
  const kind = current?.tone;
  // Said when the state changes, not when a second of a countdown passes.
  useEffect(() => setSaid(current?.title ?? ''), [kind]);
  if (!current) return null;
  return (
    <div class="mini-state">
      <StateGlyph tone={current.tone} size={18} />
      <span class="nav-text" aria-hidden="true">
        {current.title}
      </span>
      <span class="unseen" role="status">
        {said}
      </span>
    </div>
  );
}

/** Ctrl or Command with a number goes to a page. */
function useShortcuts(): void {
  const { route } = useModel();
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
      const page = PAGES[Number(event.key) - 1];
      if (page === undefined || document.querySelector('dialog[open]')) return;
      event.preventDefault();
      route.go(page);
    };
    addEventListener('keydown', pressed);
    return () => removeEventListener('keydown', pressed);
  }, [route]);
}

function focusMain(): void {
  document.querySelector('main')?.focus();
}
