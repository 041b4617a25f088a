import type { ComponentChildren } from 'preact';
import { addressText, type Machine, portOf, usesOf } from '../../../main/core/offline/machines/machine.ts';
import { Button } from '../../shared/button.tsx';
import { Dialog } from '../../shared/dialog.tsx';
import { moment } from '../../shared/format.ts';
import { t } from '../../shared/i18n/translate.ts';
import { useModel } from '../model/model.ts';

/** Everything that is kept of one machine, and what can be done with it. */
export function MachineDetails({
  machine,
  canConnect,
  onConnect,
  onEdit,
  onRemove,
  onClose,
}: {
  readonly machine: Machine;
  readonly canConnect: boolean;
  readonly onConnect: () => void;
  readonly onEdit: () => void;
  readonly onRemove: () => void;
  readonly onClose: () => void;
}) {
  const model = useModel();
  const wake = async () => {
    const woken = await model.act('machines/wake', { id: machine.id });
    if (woken) model.tell(t('machines.woken', { address: woken.address }));
  };
  const { name, protocol, user, group, tags, notes, wakeAddress, guacd, parameters, id } = machine;
  return (
    <Dialog
      drawer
      title={name}
      onClose={onClose}
      actions={
        <>
          <Button look="danger" onClick={onRemove}>
            {t('machines.remove')}
          </Button>
          {wakeAddress !== '' && <Button onClick={() => void wake()}>{t('machines.wake')}</Button>}
          <Button onClick={onEdit}>{t('machines.edit')}</Button>
          <Button look="primary" icon="play" disabled={!canConnect} onClick={onConnect}>
            {t('machines.connect')}
          </Button>
        </>
      }
    >
      <dl class="facts">
        <Fact name={t('machines.protocol')}>{protocol.toUpperCase()}</Fact>
        <Fact name={t('machines.address')}>{addressText(machine)}</Fact>
        <Fact name={t('machines.port')}>{portOf(machine)}</Fact>
        <Fact name={t('machines.user')}>{user}</Fact>
        {usesOf(protocol).map((use) => (
          <Fact key={use} name={t(`machines.credential-for-${use}`)}>
            {t(machine[use] === null ? `machines.credential-without-${use}` : 'machines.credential-kept')}
          </Fact>
        ))}
        <Fact name={t('machines.group')}>{group}</Fact>
        {tags.length > 0 && (
          <Fact name={t('machines.tags')}>
            <Chips texts={tags} />
          </Fact>
        )}
        <Fact name={t('machines.wake-address')}>{wakeAddress}</Fact>
        <Fact name="guacd">{guacd}</Fact>
        <Fact name={t('machines.notes')}>
          {notes === '' ? '' : <span class="machine-notes">{notes}</span>}
        </Fact>
        {Object.entries(parameters).map(([parameter, value]) => (
          <Fact key={parameter} name={<code>{parameter}</code>}>
            {value}
          </Fact>
        ))}
        <Fact name={t('machines.changed')}>{moment(machine.updatedAt)}</Fact>
        <Fact name={t('machines.id')}>
          <code>{id}</code>
        </Fact>
      </dl>
    </Dialog>
  );
}

export function Chips({ texts }: { readonly texts: readonly string[] }) {
  return (
    <ul class="chips">
      {texts.map((text) => (
        <li key={text} class="chip">
          {text}
        </li>
      ))}
    </ul>
  );
}

/** Left out where there is nothing to say. */
function Fact({
  name,
  children,
}: {
  readonly name: ComponentChildren;
  readonly children: ComponentChildren;
}) {
  if (children === '') return null;
  return (
    <>
      <dt>{name}</dt>
      <dd class="wrap-anywhere">{children}</dd>
    </>
  );
}
