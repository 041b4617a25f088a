import type { DriveEntry } from '../authentik/file-desk.ts';
import { button, element, setAttributes, setText } from './element.ts';
import { Files } from './files-api.ts';
import { childOf, parentOf, sizeWords } from './files-words.ts';
import { createTransferList } from './transfer-list.ts';

export interface FilesPanel {
  /** The button that opens it. */
  readonly toggle: HTMLButtonElement;
  readonly root: HTMLElement;
  /** A session of this token has files, until `close`. */
  offer(token: string): void;
  close(): void;
}

/** The session's drive: what lies in it, and the way in and out. */
export function createFilesPanel(): FilesPanel {
  let files: Files | null = null;
  let path = '/';
  let shown = false;
  const note = element('p', { class: 'quiet', role: 'status' });
  const place = element('span', { class: 'drive-path' }, '/');
  const rows = element('ul', { class: 'drive', 'aria-label': 'Files on the drive' });
  const transfers = createTransferList();
  const chooser = element('input', {
    type: 'file',
    multiple: true,
    hidden: true,
    'aria-label': 'Files to upload',
  });
  const up = button('Up', () => void go(parentOf(path)));
  const upload = button('Upload…', () => chooser.click(), { class: 'primary' });
  const refresh = button('Refresh', () => void go(path));
  const toggle = button('Files', () => open(!shown), {
    'aria-expanded': 'false',
    'aria-controls': 'files',
    hidden: true,
  });
  const root = element(
    'section',
    { id: 'files', class: 'panel-over files', hidden: true, 'aria-label': 'Files' },
    element('div', { class: 'drive-head' }, up, place, refresh),
    rows,
    note,
    element(
      'div',
      { class: 'actions' },
      upload,
      button('Close', () => open(false)),
      chooser,
    ),
    transfers.root,
  );

  const show = (wanted: boolean) => {
    shown = wanted;
    root.hidden = !wanted;
    setAttributes(toggle, { 'aria-expanded': String(wanted) });
  };
  const open = (wanted: boolean) => {
    show(wanted);
    if (wanted) void go(path);
    (wanted ? upload : toggle).focus();
  };

  const go = async (to: string) => {
    const asked = files;
    if (!asked) return;
    setText(note, 'Looking into the drive.');
    try {
      const entries = await asked.list(to);
      if (asked !== files) return;
      path = to;
      setText(place, to);
      setAttributes(up, { disabled: to === '/' });
      rows.replaceChildren(...entries.map((entry) => row(entry)));
      setText(note, entries.length === 0 ? 'This folder is empty.' : '');
    } catch (error) {
      setText(note, error instanceof Error ? error.message : String(error));
    }
  };

  const row = ({ name, path: at, kind, size }: DriveEntry): HTMLElement =>
    element(
      'li',
      {},
      kind === 'directory'
        ? button(`${name}/`, () => void go(at), { class: 'link' })
        : element('span', { class: 'file-name' }, name),
      element('span', { class: 'quiet' }, size === null ? 'folder' : sizeWords(size)),
      ...(kind === 'file'
        ? [button('Download', () => void fetchFile(name, at), { 'aria-label': `Download ${name}` })]
        : []),
    );

  const fetchFile = async (name: string, at: string) => {
    const asked = files;
    if (!asked) return;
    await transfers.run(name, async (onProgress, signal) => {
      save(name, await asked.download(at, onProgress, signal));
    });
  };

  const put = async (chosen: Iterable<File>) => {
    const asked = files;
    const to = path;
    if (!asked) return;
    const all = [...chosen].map((file) =>
      transfers.run(file.name, (onProgress, signal) =>
        asked.upload(childOf(to, file.name), file, onProgress, signal),
      ),
    );
    const results = await Promise.all(all);
    if (results.includes(true) && path === to) await go(to);
  };

  chooser.addEventListener('change', () => {
    void put(chooser.files ?? []);
    chooser.value = '';
  });
  root.addEventListener('dragover', (event) => event.preventDefault());
  root.addEventListener('drop', (event) => {
    event.preventDefault();
    void put(event.dataTransfer?.files ?? []);
  });
  root.addEventListener('keydown', ({ key }) => {
    if (key === 'Escape') open(false);
  });

  return {
    toggle,
    root,
    offer(token) {
      files = new Files(token);
      path = '/';
      toggle.hidden = false;
    },
    close() {
      transfers.end();
      files = null;
      toggle.hidden = true;
      rows.replaceChildren();
      show(false);
    },
  };
}

/** Hands a file to the browser, which saves it as any download. */
function save(name: string, content: Blob): void {
  const url = URL.createObjectURL(content);
  const link = element('a', { href: url, download: name });
  link.click();
  // The browser has taken hold of it long before.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
