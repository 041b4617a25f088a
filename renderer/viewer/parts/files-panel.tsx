import { useEffect, useRef, useState } from 'preact/hooks';
import { Button, IconButton } from '../../shared/button.tsx';
import { EmptyState } from '../../shared/empty-state.tsx';
import { t } from '../../shared/i18n/translate.ts';
import { Icon } from '../../shared/icon.tsx';
import { Select } from '../../shared/select.tsx';
import type { Directory, FileDesk } from '../files/file-desk.ts';
import { type FileEntry, parentOf } from '../files/listing.ts';
import { shownName } from '../files/names.ts';
import { useViewer } from '../model/viewer.ts';
import { Panel } from './panel.tsx';
import { TransferList } from './transfer-list.tsx';

/** Rows that are drawn; the rest is found by searching. */
const MOST_ROWS = 500;

/** What is on the machine, what it offers, and what is on its way. */
export function FilesPanel() {
  const { files } = useViewer();
  const desk = files.value;
  return (
    <Panel title={t('viewer.files')} wide>
      {desk !== null && <Offers desk={desk} />}
      {desk !== null && <Places desk={desk} />}
      {desk !== null && (desk.place.value === null ? <NoFiles desk={desk} /> : <Browser desk={desk} />)}
      <TransferList />
    </Panel>
  );
}

function Offers({ desk }: { readonly desk: FileDesk }) {
  return (
    <div role="status" class="offers">
      {desk.offers.value.map(({ id, name }) => (
        <div key={id} class="offer">
          <p>{t('viewer.offer', { name })}</p>
          <div class="row">
            <Button small look="primary" onClick={() => void desk.take(id)}>
              {t('viewer.offer-take')}
            </Button>
            <Button small onClick={() => desk.refuse(id)}>
              {t('viewer.offer-refuse')}
            </Button>
          </div>
        </div>
      ))}
    </div>
  );
}

/** A choice only where there is one: RDP may have a drive and SFTP. */
function Places({ desk }: { readonly desk: FileDesk }) {
  const places = desk.places.value;
  const shown = desk.place.value;
  if (shown === null || places.length < 2) return null;
  return (
    <Select
      label={t('viewer.files-place')}
      value={String(places.indexOf(shown))}
      // guacd calls files by SFTP like the folder that they begin in.
      choices={places.map(({ name }, at) => ({
        value: String(at),
        text: name.startsWith('/') ? `SFTP: ${name}` : name,
      }))}
      onChange={(at) => desk.show(places[Number(at)] ?? null)}
    />
  );
}

function NoFiles({ desk }: { readonly desk: FileDesk }) {
  return (
    <EmptyState icon="folder" title={t('viewer.files-none')} action={<UploadButton desk={desk} />}>
      {t('viewer.files-none-why')}
    </EmptyState>
  );
}

function Browser({ desk }: { readonly desk: FileDesk }) {
  const { path, state, entries } = desk.directory.value;
  const [search, setSearch] = useState('');
  useEffect(() => desk.open(desk.directory.peek().path), [desk]);
  useEffect(() => setSearch(''), [path]);
  const wanted = search.toLocaleLowerCase();
  const found = entries.filter(({ name }) => name.toLocaleLowerCase().includes(wanted));
  return (
    <>
      <div class="files-bar">
        <IconButton icon="up" label={t('viewer.files-up')} onClick={() => desk.open(parentOf(path))} />
        <span class="files-path mono" title={shownName(path)}>
          {shownName(path)}
        </span>
        <IconButton icon="retry" label={t('viewer.files-refresh')} onClick={() => desk.open(path)} />
      </div>
      <div class="row files-tools">
        <input
          type="search"
          class="input"
          placeholder={t('viewer.files-search')}
          aria-label={t('viewer.files-search')}
          value={search}
          onInput={(event) => setSearch(event.currentTarget.value)}
        />
        <UploadButton desk={desk} />
      </div>
      <Listing desk={desk} path={path} state={state} found={found} searching={wanted !== ''} />
    </>
  );
}

function Listing({
  desk,
  path,
  state,
  found,
  searching,
}: {
  readonly desk: FileDesk;
  readonly path: string;
  readonly state: Directory['state'];
  readonly found: readonly FileEntry[];
  readonly searching: boolean;
}) {
  if (state === 'reading' && found.length === 0)
    return (
      <p class="files-note quiet" role="status">
        <span class="spinner" aria-hidden="true" />
      </p>
    );
  if (state === 'failed') return <p class="files-note field-failure">{t('viewer.files-failed')}</p>;
  if (found.length === 0)
    return <p class="files-note quiet">{t(searching ? 'viewer.files-no-match' : 'viewer.files-empty')}</p>;
  const left = found.length - MOST_ROWS;
  return (
    <>
      <ul class="file-list" aria-label={t('viewer.files-list', { path: shownName(path) })}>
        {found.slice(0, MOST_ROWS).map((entry) => (
          <FileRow key={entry.path} desk={desk} entry={entry} />
        ))}
      </ul>
      {left > 0 && <p class="quiet small">{t('viewer.files-more', { count: left })}</p>}
    </>
  );
}

function FileRow({ desk, entry }: { readonly desk: FileDesk; readonly entry: FileEntry }) {
  const name = shownName(entry.name);
  const folder = entry.kind === 'directory';
  return (
    <li>
      <button
        type="button"
        class="file-row"
        aria-label={t(folder ? 'viewer.files-open' : 'viewer.files-save', { name })}
        onClick={() => (folder ? desk.open(entry.path) : void desk.download(entry))}
      >
        <Icon name={folder ? 'folder' : 'file'} size={18} />
        <bdi class="file-name">{name}</bdi>
        {!folder && <Icon name="download" size={16} />}
      </button>
    </li>
  );
}

function UploadButton({ desk }: { readonly desk: FileDesk }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button icon="upload" onClick={() => input.current?.click()}>
        {t('viewer.files-upload')}
      </Button>
      <input
        ref={input}
        type="file"
        multiple
        class="unseen"
        tabIndex={-1}
        aria-label={t('viewer.files-upload')}
        onChange={(event) => {
          desk.upload([...(event.currentTarget.files ?? [])]);
          event.currentTarget.value = '';
        }}
      />
    </>
  );
}
