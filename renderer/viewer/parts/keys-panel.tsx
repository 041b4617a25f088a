import { t } from '../../shared/i18n/translate.ts';
import { useViewer } from '../model/viewer.ts';
import { COMBINATIONS } from '../session/key-combinations.ts';
import { Panel } from './panel.tsx';

/** Keys that cannot be typed here. */
export function KeysPanel() {
  const viewer = useViewer();
  return (
    <Panel title={t('viewer.keys')}>
      <p class="quiet small">{t('viewer.keys-why')}</p>
      <ul class="key-list">
        {Object.entries(COMBINATIONS).map(([name, keysyms]) => (
          <li key={name}>
            <button type="button" class="key-button" onClick={() => viewer.press(keysyms)}>
              {name}
            </button>
          </li>
        ))}
      </ul>
      <p class="quiet small">{t('viewer.keys-full-screen')}</p>
      <p class="quiet small">{t('viewer.keys-layout')}</p>
    </Panel>
  );
}
