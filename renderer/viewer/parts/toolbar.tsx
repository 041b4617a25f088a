import { useRef } from 'preact/hooks';
import { t } from '../../shared/i18n/translate.ts';
import { Icon, type IconName } from '../../shared/icon.tsx';
import { type Panel, useViewer } from '../model/viewer.ts';

/** Whose session it is, and everything that can be done with it. Arrow keys go from one button to the next. */
export function Toolbar() {
  const viewer = useViewer();
  const { about, scale, sounds, fullScreen, measuring, phase, watching, drawn } = viewer;
  const live = phase.value.kind === 'live' && drawn.value;
  const mine = live && !watching.value;
  const list = useRef<HTMLDivElement>(null);
  return (
    <header class="bar">
      <Whose />
      <span class="bar-hint">{mine ? t('viewer.way-out') : ''}</span>
      <div
        ref={list}
        class="bar-tools"
        role="toolbar"
        aria-label={t('viewer.tools')}
        onKeyDown={(event) => {
          const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
          if (step === undefined) return;
          const found = list.current?.querySelectorAll<HTMLElement>('button:not(:disabled)') ?? [];
          const buttons = [...found];
          const at = buttons.findIndex((button) => button.matches(':focus'));
          buttons[(at + step + buttons.length) % buttons.length]?.focus();
          event.preventDefault();
        }}
      >
        {!watching.value && (
          <>
            <PanelTool panel="files" icon="folder" live={live} />
            <PanelTool panel="clipboard" icon="clipboard" live={live} />
            <PanelTool panel="keys" icon="keyboard" live={live} />
            <span class="bar-line" />
            <Tool
              icon={sounds.value ? 'sound' : 'mute'}
              label={t(sounds.value ? 'viewer.sound-off' : 'viewer.sound-on')}
              onClick={() => viewer.turnSound(!sounds.value)}
            />
          </>
        )}
        <Tool
          icon="camera"
          label={t('viewer.screenshot')}
          disabled={!live}
          onClick={() => void viewer.screenshot()}
        />
        <Tool
          icon="gauge"
          label={t('viewer.measures')}
          pressed={measuring.value}
          onClick={() => {
            measuring.value = !measuring.value;
          }}
        />
        <span class="bar-line" />
        <Tool
          icon={scale.value === 'fit' ? 'exact' : 'fit'}
          label={t(scale.value === 'fit' ? 'viewer.exact' : 'viewer.fit')}
          onClick={() => {
            scale.value = scale.value === 'fit' ? 'exact' : 'fit';
          }}
        />
        <Tool
          icon={fullScreen.value ? 'shrink' : 'expand'}
          label={t(fullScreen.value ? 'viewer.leave-full-screen' : 'viewer.full-screen')}
          onClick={() => void viewer.turnFullScreen()}
        />
      </div>
      {/* Without a session there is nothing to tell of it. */}
      <span class="unseen" role="status">
        {about.value?.recording === 'on' ? t('viewer.recorded-why') : ''}
      </span>
    </header>
  );
}

function Whose() {
  const { about } = useViewer();
  const { value } = about;
  if (value === null) return <span class="whose" />;
  const { kind, machine, user, protocol, recording } = value;
  return (
    <div class="whose">
      {kind === 'watch' && (
        <span class="tag watch" title={t('viewer.watching-why')}>
          <Icon name="eye" size={16} />
          {t('viewer.watching')}
        </span>
      )}
      <h1 class="whose-machine">{machine}</h1>
      {protocol !== null && <span class="tag">{protocol.toUpperCase()}</span>}
      {user !== null && <span class="whose-user">{user}</span>}
      {recording !== null && (
        <span
          class="tag record"
          title={t(recording === 'on' ? 'viewer.recorded-why' : 'viewer.record-failed-why')}
        >
          <Icon name={recording === 'on' ? 'record' : 'warning'} size={14} />
          {t(recording === 'on' ? 'viewer.recorded' : 'viewer.record-failed')}
        </span>
      )}
    </div>
  );
}

function PanelTool({
  panel,
  icon,
  live,
}: {
  readonly panel: Exclude<Panel, 'none'>;
  readonly icon: IconName;
  readonly live: boolean;
}) {
  const viewer = useViewer();
  const open = viewer.panel.value === panel;
  return (
    <Tool
      icon={icon}
      label={t(`viewer.${panel}`)}
      expanded={open}
      disabled={!live}
      onClick={() => {
        viewer.panel.value = open ? 'none' : panel;
      }}
    />
  );
}

function Tool({
  icon,
  label,
  onClick,
  disabled = false,
  pressed,
  expanded,
}: {
  readonly icon: IconName;
  readonly label: string;
  readonly onClick: () => void;
  readonly disabled?: boolean;
  readonly pressed?: boolean;
  /** Whether the panel that it opens is open. */
  readonly expanded?: boolean;
}) {
  return (
    <button
      type="button"
      class="button plain only-icon"
      aria-label={label}
      title={label}
      aria-pressed={pressed}
      aria-expanded={expanded}
      disabled={disabled}
      onClick={onClick}
    >
      <Icon name={icon} />
    </button>
  );
}
