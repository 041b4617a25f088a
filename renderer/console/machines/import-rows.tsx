import { useState } from 'preact/hooks';
import type { ImportPreview, PlanRow } from '../../../main/core/offline/machines/shapes.ts';
import { Button } from '../../shared/button.tsx';
import { CoreWords } from '../../shared/core-words.tsx';
import { Field, TextInput } from '../../shared/field.tsx';
import { decimal } from '../../shared/format.ts';
import { t } from '../../shared/i18n/translate.ts';
import { type Column, Table } from '../../shared/table.tsx';
import { fieldNames } from './field-names.ts';

/** Names of styles; the page has a `skip` of its own. */
const WORD = { add: 'add', change: 'change', skip: 'left' } as const;

/** What an import would do, entry by entry; any of it can be left out. */
export function ImportRows({
  preview,
  leave,
  busy,
  onLeave,
  onPassphrase,
}: {
  readonly preview: ImportPreview;
  readonly leave: ReadonlySet<string>;
  readonly busy: boolean;
  readonly onLeave: (leave: ReadonlySet<string>) => void;
  readonly onPassphrase: (passphrase: string) => Promise<void>;
}) {
  const { rows, sealed } = preview;
  const [opened, open] = useState<string | null>(null);
  const count = (action: PlanRow['action']) => decimal(rows.filter((row) => row.action === action).length);
  const toggle = (key: string) => {
    const next = new Set(leave);
    if (!next.delete(key)) next.add(key);
    onLeave(next);
  };
  const chosen = rows.find(({ key }) => key === opened);
  return (
    <>
      <p role="status">
        {t('machines.plan', { added: count('add'), changed: count('change'), skipped: count('skip') })}
      </p>
      {sealed && <Sealed busy={busy} onPassphrase={onPassphrase} />}
      {rows.length > 0 && (
        <div class="import-table">
          <Table
            label={t('machines.plan-table')}
            columns={columns(leave, toggle)}
            rows={rows}
            keyOf={({ key }) => key}
            rowClass={({ action, key }) => (action === 'skip' || leave.has(key) ? 'left-out' : '')}
            onOpen={({ key }) => open(key === opened ? null : key)}
          />
        </div>
      )}
      {chosen ? <RowWords row={chosen} /> : <p class="quiet small">{t('machines.plan-help')}</p>}
    </>
  );
}

function columns(leave: ReadonlySet<string>, toggle: (key: string) => void): Column<PlanRow>[] {
  return [
    {
      id: 'action',
      title: t('machines.plan-action'),
      least: 6,
      cell: ({ action, key }) => (
        <span class={`plan-action ${leave.has(key) ? 'left' : WORD[action]}`}>
          {t(leave.has(key) ? 'machines.plan-skip' : `machines.plan-${action}`)}
        </span>
      ),
    },
    {
      id: 'name',
      title: t('machines.name'),
      least: 8,
      grow: 1.2,
      cell: ({ name }) => <strong>{name}</strong>,
    },
    {
      id: 'address',
      title: t('machines.address'),
      least: 8,
      grow: 1,
      cell: ({ protocol, host, port }) =>
        host === '' ? '' : `${protocol.toUpperCase()} ${host}${port === null ? '' : ` : ${port}`}`,
    },
    {
      id: 'why',
      title: t('machines.plan-why'),
      least: 10,
      grow: 2,
      spare: 1,
      cell: (row) => (
        <span class="quiet">
          <Why row={row} />
        </span>
      ),
    },
    {
      id: 'take',
      title: t('sessions.actions'),
      quietTitle: true,
      least: 7.5,
      align: 'end',
      cell: ({ action, key, name }) =>
        action === 'skip' ? null : (
          <Button
            small
            label={t(leave.has(key) ? 'machines.plan-take-label' : 'machines.plan-leave-label', { name })}
            onClick={() => toggle(key)}
          >
            {t(leave.has(key) ? 'machines.plan-take' : 'machines.plan-leave')}
          </Button>
        ),
    },
  ];
}

/** What matters most about an entry, in one line. */
function Why({ row: { why, notes, fields } }: { readonly row: PlanRow }) {
  const words = why ?? notes[0];
  return words === undefined ? fieldNames(fields) : <CoreWords text={words} />;
}

/** Everything that is said about one entry. */
function RowWords({ row }: { readonly row: PlanRow }) {
  const { name, origin, why, fields, notes, secret } = row;
  return (
    <div class="plan-words" aria-live="polite">
      <p>
        <strong>{name}</strong>{' '}
        <span class="quiet">
          <CoreWords text={origin} />
        </span>
      </p>
      {why !== null && (
        <p>
          <CoreWords text={why} />
        </p>
      )}
      {fields.length > 0 && <p>{t('machines.plan-fields', { fields: fieldNames(fields) })}</p>}
      {secret === 'kept' && <p>{t('machines.plan-secret')}</p>}
      {notes.length > 0 && (
        <ul class="notes">
          {notes.map((note) => (
            <li key={note}>
              <CoreWords text={note} />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** An export with secrets: they come along for whoever knows its passphrase. */
function Sealed({
  busy,
  onPassphrase,
}: {
  readonly busy: boolean;
  readonly onPassphrase: (passphrase: string) => Promise<void>;
}) {
  const [passphrase, setPassphrase] = useState('');
  const open = async () => {
    if (passphrase === '') return;
    const given = passphrase;
    setPassphrase('');
    await onPassphrase(given);
  };
  return (
    <Field label={t('machines.sealed')} help={t('machines.sealed-help')}>
      {(ids) => (
        <div class="row input-row">
          <TextInput
            ids={ids}
            secret
            value={passphrase}
            onInput={setPassphrase}
            onEnter={() => void open()}
          />
          <Button busy={busy} disabled={passphrase === ''} onClick={() => void open()}>
            {t('machines.sealed-open')}
          </Button>
        </div>
      )}
    </Field>
  );
}
