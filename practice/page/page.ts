import { createListView, type View } from './list-view.ts';
import { readRoute } from './route.ts';
import { createSessionView, type SessionView } from './session-view.ts';
import { type Known, watchPractice } from './watch.ts';

const NAME = 'Sallyport practice';

/** Shows what the address asks for, and keeps it up to date. */
function start(): void {
  const list = createListView();
  let known: Known = { state: null, reachable: true };
  let session: SessionView | null = null;
  let view: View = list;

  const go = () => {
    session?.end();
    const route = readRoute(location.hash);
    session = route.kind === 'machine' ? createSessionView(route.name, () => watch.look()) : null;
    view = session ?? list;
    document.title = route.kind === 'machine' ? `${route.name} · ${NAME}` : NAME;
    view.update(known);
    document.body.replaceChildren(view.root);
  };

  window.addEventListener('hashchange', go);
  // A page that is closed or reloaded says nothing, as authentik's; one from the browser's cache begins anew.
  window.addEventListener('pageshow', ({ persisted }) => {
    if (persisted) go();
  });
  const watch = watchPractice((now) => {
    known = now;
    view.update(now);
  });
  go();
}

start();
