import { useEffect, useRef, useState } from 'preact/hooks';
import { t } from '../shared/i18n/translate.ts';
import { Icon } from '../shared/icon.tsx';
import { Toasts } from '../shared/toast.tsx';
import { useViewer } from './model/viewer.ts';
import { ClipboardPanel } from './parts/clipboard-panel.tsx';
import { FilesPanel } from './parts/files-panel.tsx';
import { KeysPanel } from './parts/keys-panel.tsx';
import { MeasuresCorner } from './parts/measures.tsx';
import { Overlay } from './parts/overlay.tsx';
import { Prompt } from './parts/prompt.tsx';
import { Screen } from './parts/screen.tsx';
import { Toolbar } from './parts/toolbar.tsx';

/** The window: a bar, the machine's screen, and what lies over it. */
export function App() {
  const viewer = useViewer();
  const bar = useRef<HTMLDivElement>(null);
  const { panel, fullScreen, notes, measuring, required } = viewer;
  const { dropping, ...drop } = useDrop((files) => viewer.files.peek()?.upload(files));
  const toBar = () => bar.current?.querySelector<HTMLElement>('button')?.focus();
  return (
    <div class={fullScreen.value ? 'viewer full' : 'viewer'} {...drop}>
      <div ref={bar} class="bar-place">
        <Toolbar />
      </div>
      <div class="stage">
        <Screen onEscape={toBar} />
        {panel.value === 'files' && <FilesPanel />}
        {panel.value === 'clipboard' && <ClipboardPanel />}
        {panel.value === 'keys' && <KeysPanel />}
        <Overlay />
        {required.value.length > 0 && <Prompt names={required.value} />}
        {measuring.value && <MeasuresCorner />}
        {dropping && <DropVeil />}
      </div>
      <Toasts notes={notes.list.value} onClose={(id) => notes.dismiss(id)} />
    </div>
  );
}

function DropVeil() {
  const machine = useViewer().about.value?.machine ?? '';
  return (
    <div class="drop-veil">
      <span class="drop-words">
        <Icon name="upload" size={28} />
        {t('viewer.files-drop', { machine })}
      </span>
    </div>
  );
}

/** Files that are dropped anywhere in the window; nothing that is dropped is ever opened. */
function useDrop(take: (files: readonly File[]) => void) {
  const viewer = useViewer();
  const [dropping, setDropping] = useState(false);
  const may = () => !viewer.watching.peek() && viewer.files.peek() !== null;
  useEffect(() => {
    const nothing = (event: DragEvent) => event.preventDefault();
    addEventListener('dragover', nothing);
    addEventListener('drop', nothing);
    return () => {
      removeEventListener('dragover', nothing);
      removeEventListener('drop', nothing);
    };
  }, []);
  return {
    dropping,
    onDragOver: (event: DragEvent) => {
      if (may() && event.dataTransfer?.types.includes('Files')) setDropping(true);
    },
    onDragLeave: (event: DragEvent) => {
      if (event.relatedTarget === null) setDropping(false);
    },
    onDrop: (event: DragEvent) => {
      setDropping(false);
      if (!may() || !event.dataTransfer || event.dataTransfer.files.length === 0) return;
      viewer.panel.value = 'files';
      take([...event.dataTransfer.files]);
    },
  };
}
