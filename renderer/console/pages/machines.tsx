import { useMemo, useState } from 'preact/hooks';
import { addressText, type Machine } from '../../../main/core/offline/machines/machine.ts';
import { Button } from '../../shared/button.tsx';
import { Confirm } from '../../shared/dialog.tsx';
import { EmptyState } from '../../shared/empty-state.tsx';
import { decimal } from '../../shared/format.ts';
import { t } from '../../shared/i18n/translate.ts';
import { Select } from '../../shared/select.tsx';
import { type Column, Table } from '../../shared/table.tsx';
import { FailureNote } from '../failure-note.tsx';
import { ConnectReason, useConnectRules } from '../machines/connect.tsx';
import { ExportDialog } from '../machines/export-dialog.tsx';
import { type Filter, groupsOf, matching, searchable, tagsOf } from '../machines/filter.ts';
import { ImportDialog } from '../machines/import-dialog.tsx';
import { MachineDetails } from '../machines/machine-details.tsx';
import { MachineForm } from '../machines/machine-form.tsx';
import { OfflineBanner } from '../machines/offline-banner.tsx';
import { useMachines } from '../machines/use-machines.ts';
import { useModel } from '../model/model.ts';
import { PageHead } from '../parts/page-head.tsx';
import { UnlockDialog } from '../vault/unlock-dialog.tsx';
import { useVault } from '../vault/use-vault.ts';

/** What lies over the list. */
type Over =
  | { readonly kind: 'none' | 'add' | 'import' | 'export' }
  | { readonly kind: 'details' | 'remove' | 'reason'; readonly id: string }
  /** The machine as it was to begin with: a list that changes or fails meanwhile takes no work away. */
  | { readonly kind: 'edit'; readonly machine: Machine }
  /** Before a window is opened, with the reason that was given. */
  | { readonly kind: 'unlock'; readonly id: string; readonly reason: string | null };

const NOTHING: Over = { kind: 'none' };
const NO_FILTER: Filter = { text: '', group: '', tag: '' };

/** The machines that can be connected to without authentik. */
export function MachinesPage() {
  const model = useModel();
  const book = useMachines();
  const rules = useConnectRules();
  const vault = useVault().vault?.view.state;
  const [over, setOver] = useState<Over>(NOTHING);
  const [filter, setFilter] = useState(NO_FILTER);
  const machines = book.kind === 'there' ? book.machines : [];
  const all = useMemo(() => searchable(machines), [machines]);
  const shown = useMemo(() => matching(all, filter), [all, filter]);
  const canConnect = model.status.value?.offline?.open !== false;
  const close = () => setOver(NOTHING);
  const open = (id: string, reason: string | null) =>
    void model.act('viewer/open', { machine: id, ...(reason !== null && { reason }) });
  // Last, for a passphrase that is asked for each time counts for a minute only.
  const openUnlocked = ({ id, credential }: Machine, reason: string | null) => {
    const isShut = vault?.kind === 'locked' && credential !== null;
    const asksAnyway = rules.passphrase && vault !== undefined && vault.kind !== 'none';
    if (isShut || asksAnyway) setOver({ kind: 'unlock', id, reason });
    else open(id, reason);
  };
  const connect = (machine: Machine) => {
    if (rules.reason) setOver({ kind: 'reason', id: machine.id });
    else openUnlocked(machine, null);
  };
  const remove = async ({ id, name }: Machine) => {
    await model.act('machines/remove', { ids: [id] }, t('machines.removed', { name }));
  };
  const one = 'id' in over ? machines.find(({ id }) => id === over.id) : undefined;
  return (
    <div class="page tall">
      <PageHead title={t('nav.machines')} lead={t('machines.lead')}>
        <Button onClick={() => setOver({ kind: 'import' })}>{t('machines.import')}</Button>
        <Button disabled={machines.length === 0} onClick={() => setOver({ kind: 'export' })}>
          {t('machines.export')}
        </Button>
        <Button look="primary" onClick={() => setOver({ kind: 'add' })}>
          {t('machines.add')}
        </Button>
      </PageHead>
      <OfflineBanner />
      {book.kind === 'failed' && <FailureNote failure={book.failure} tone="bad" />}
      {book.kind === 'there' && machines.length === 0 && (
        <EmptyState
          icon="machines"
          title={t('machines.none')}
          action={
            <>
              <Button look="primary" onClick={() => setOver({ kind: 'add' })}>
                {t('machines.add')}
              </Button>
              <Button onClick={() => setOver({ kind: 'import' })}>{t('machines.import')}</Button>
            </>
          }
        >
          {t('machines.none-why')}
        </EmptyState>
      )}
      {machines.length > 0 && (
        <>
          <Tools machines={machines} shown={shown.length} filter={filter} onFilter={setFilter} />
          <div class="panel-fill">
            {shown.length === 0 ? (
              <EmptyState
                icon="search"
                title={t('machines.none-found')}
                action={<Button onClick={() => setFilter(NO_FILTER)}>{t('machines.show-all')}</Button>}
              />
            ) : (
              <Table
                label={t('machines.table')}
                columns={columns(canConnect, connect)}
                rows={shown}
                keyOf={({ id }) => id}
                onOpen={({ id }) => setOver({ kind: 'details', id })}
              />
            )}
          </div>
        </>
      )}
      {over.kind === 'add' && <MachineForm machine={null} onClose={close} />}
      {over.kind === 'import' && <ImportDialog onClose={close} />}
      {over.kind === 'export' && <ExportDialog count={machines.length} onClose={close} />}
      {over.kind === 'details' && one && (
        <MachineDetails
          machine={one}
          canConnect={canConnect}
          onConnect={() => {
            close();
            connect(one);
          }}
          onEdit={() => setOver({ kind: 'edit', machine: one })}
          onRemove={() => setOver({ kind: 'remove', id: one.id })}
          onClose={close}
        />
      )}
      {over.kind === 'edit' && <MachineForm machine={over.machine} onClose={close} />}
      {over.kind === 'reason' && one && (
        <ConnectReason machine={one} onClose={close} onReason={(reason) => openUnlocked(one, reason)} />
      )}
      {over.kind === 'unlock' && one && vault !== undefined && vault.kind !== 'none' && (
        <UnlockDialog
          protection={vault.protection}
          fresh={rules.passphrase}
          onClose={close}
          onUnlocked={() => open(one.id, over.reason)}
        />
      )}
      {over.kind === 'remove' && one && (
        <Confirm
          title={t('machines.remove-title', { name: one.name })}
          action={t('machines.remove')}
          onClose={close}
          onConfirm={() => void remove(one)}
        >
          <p>{t('machines.remove-words')}</p>
        </Confirm>
      )}
    </div>
  );
}

function Tools({
  machines,
  shown,
  filter,
  onFilter,
}: {
  readonly machines: readonly Machine[];
  readonly shown: number;
  readonly filter: Filter;
  readonly onFilter: (filter: Filter) => void;
}) {
  const groups = useMemo(() => groupsOf(machines), [machines]);
  const tags = useMemo(() => tagsOf(machines), [machines]);
  const choices = (all: string, values: readonly string[]) => [
    { value: '', text: all },
    ...values.map((value) => ({ value, text: value })),
  ];
  return (
    <div class="toolbar" role="toolbar" aria-label={t('machines.tools')}>
      <span class="search">
        <input
          class="input"
          type="search"
          maxLength={256}
          aria-label={t('machines.search')}
          placeholder={t('machines.search')}
          value={filter.text}
          spellcheck={false}
          onInput={(event) => onFilter({ ...filter, text: event.currentTarget.value })}
        />
      </span>
      {groups.length > 0 && (
        <Select
          label={t('machines.group')}
          value={filter.group}
          choices={choices(t('machines.all-groups'), groups)}
          onChange={(group) => onFilter({ ...filter, group })}
        />
      )}
      {tags.length > 0 && (
        <Select
          label={t('machines.tags')}
          value={filter.tag}
          choices={choices(t('machines.all-tags'), tags)}
          onChange={(tag) => onFilter({ ...filter, tag })}
        />
      )}
      <span class="quiet small numbers toolbar-end" role="status">
        {shown === machines.length
          ? t('machines.count', { count: shown, shown: decimal(shown) })
          : t('machines.count-of', { shown: decimal(shown), all: decimal(machines.length) })}
      </span>
    </div>
  );
}

function columns(canConnect: boolean, connect: (machine: Machine) => void): Column<Machine>[] {
  return [
    { id: 'name', title: t('machines.name'), least: 9, grow: 2, cell: ({ name }) => <strong>{name}</strong> },
    {
      id: 'protocol',
      title: t('machines.protocol'),
      least: 5.5,
      spare: 1,
      cell: ({ protocol }) => (
        <span class="chip">{protocol === 'kubernetes' ? 'K8S' : protocol.toUpperCase()}</span>
      ),
    },
    { id: 'address', title: t('machines.address'), least: 9, grow: 2, cell: addressText },
    { id: 'user', title: t('machines.user'), least: 6, grow: 1, spare: 3, cell: ({ user }) => user },
    { id: 'group', title: t('machines.group'), least: 8, grow: 1.5, spare: 2, cell: ({ group }) => group },
    {
      id: 'tags',
      title: t('machines.tags'),
      least: 8,
      grow: 1,
      spare: 4,
      cell: ({ tags }) => <span class="quiet">{tags.join(', ')}</span>,
    },
    {
      id: 'connect',
      title: t('sessions.actions'),
      quietTitle: true,
      least: 7.5,
      align: 'end',
      cell: (machine) => (
        <Button
          small
          label={t('machines.connect-label', { name: machine.name })}
          disabled={!canConnect}
          onClick={() => connect(machine)}
        >
          {t('machines.connect')}
        </Button>
      ),
    },
  ];
}
