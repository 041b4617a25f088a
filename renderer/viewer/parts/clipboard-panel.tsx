import { useEffect, useState } from 'preact/hooks';
import { Button } from '../../shared/button.tsx';
import { Field } from '../../shared/field.tsx';
import { t } from '../../shared/i18n/translate.ts';
import { Switch } from '../../shared/switch.tsx';
import { useViewer } from '../model/viewer.ts';
import { Panel } from './panel.tsx';

/** The machine's clipboard by hand, and whether it follows this computer's. */
export function ClipboardPanel() {
  const { clipboard } = useViewer();
  const [text, setText] = useState(clipboard.text.peek());
  const [sent, setSent] = useState(false);
  const newest = clipboard.text.value;
  useEffect(() => setText(newest), [newest]);
  return (
    <Panel title={t('viewer.clipboard')}>
      <Field label={t('viewer.clipboard-keep')} help={t('viewer.clipboard-keep-why')} beside>
        {(ids) => (
          <Switch
            id={ids.control}
            on={clipboard.on.value}
            onChange={(on) => clipboard.turn(on)}
            describedBy={ids.describedBy}
          />
        )}
      </Field>
      <Field label={t('viewer.clipboard-text')}>
        {(ids) => (
          <textarea
            id={ids.control}
            class="input mono"
            rows={9}
            spellcheck={false}
            value={text}
            aria-describedby={ids.describedBy}
            onInput={(event) => {
              setText(event.currentTarget.value);
              setSent(false);
            }}
          />
        )}
      </Field>
      <div class="row">
        <Button look="primary" onClick={() => setSent(clipboard.send(text))}>
          {t('viewer.clipboard-send')}
        </Button>
      </div>
      <p class="quiet small" role="status">
        {sent ? t('viewer.clipboard-sent') : ''}
      </p>
    </Panel>
  );
}
