import type { LogLine } from '../../../preload/contract/types.ts';
import { CopyButton } from '../../shared/copy-button.tsx';
import { Dialog } from '../../shared/dialog.tsx';
import { moment } from '../../shared/format.ts';
import { t } from '../../shared/i18n/translate.ts';
import { lineText } from '../model/log-lines.ts';
import { useModel } from '../model/model.ts';

/** `14:03:22.120`, in this host's time. */
export function logTime({ timestamp }: LogLine): string {
  const time = new Date(timestamp);
  const two = (value: number) => String(value).padStart(2, '0');
  const milliseconds = String(time.getMilliseconds()).padStart(3, '0');
  return `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}.${milliseconds}`;
}

/** One line of the log with all that it carries. */
export function LineDetails({ line, onClose }: { readonly line: LogLine; readonly onClose: () => void }) {
  const model = useModel();
  return (
    <Dialog
      drawer
      title={t('log.details')}
      onClose={onClose}
      actions={
        <CopyButton text={() => lineText(line)} copy={model.copy}>
          {t('log.copy-line')}
        </CopyButton>
      }
    >
      <div class="stack">
        <p class="wrap-anywhere" lang="en">
          <strong>{line.event}</strong>
        </p>
        <dl class="facts">
          <dt>{t('log.time')}</dt>
          <dd class="numbers">
            {moment(Date.parse(line.timestamp))} · {logTime(line)}
          </dd>
          <dt>{t('log.level')}</dt>
          <dd>
            <span class={`level ${line.level}`}>{t(`log.word-${line.level}`)}</span>
          </dd>
          <dt>{t('log.part')}</dt>
          <dd>
            <code>{line.logger}</code>
          </dd>
          {Object.entries(line.fields).map(([key, value]) => (
            <>
              <dt key={key}>
                <code>{key}</code>
              </dt>
              <dd class="wrap-anywhere mono">
                {typeof value === 'string' ? value : JSON.stringify(value, null, 2)}
              </dd>
            </>
          ))}
        </dl>
      </div>
    </Dialog>
  );
}
