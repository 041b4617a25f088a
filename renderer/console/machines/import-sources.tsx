import { useState } from 'preact/hooks';
import type { Failure } from '../../../main/core/errors.ts';
import { Button } from '../../shared/button.tsx';
import { Field, TextInput } from '../../shared/field.tsx';
import { t } from '../../shared/i18n/translate.ts';
import { Select } from '../../shared/select.tsx';
import { panelId, Tabs, tabId } from '../../shared/tabs.tsx';
import { useModel } from '../model/model.ts';

/** Characters that can be pasted: the call takes no more. */
const MAX_PASTE = 256 * 1024;

type Source = 'files' | 'paste' | 'authentik';
const FORMATS = ['rdp', 'csv', 'json', 'ssh-config', 'known-hosts'] as const;
export type Format = (typeof FORMATS)[number] | null;

interface Props {
  readonly busy: boolean;
  readonly onChoose: () => Promise<void>;
  readonly onPaste: (text: string, format: Format) => Promise<void>;
  readonly onAuthentik: (token: string) => Promise<void>;
  readonly onRefused: (failure: Failure) => void;
}

/** Where machines are imported from. */
export function ImportSources(props: Props) {
  const [source, setSource] = useState<Source>('files');
  return (
    <>
      <Tabs
        label={t('machines.import-from')}
        tabs={[
          { id: 'files', text: t('machines.import-files') },
          { id: 'paste', text: t('machines.import-paste') },
          { id: 'authentik', text: 'authentik' },
        ]}
        current={source}
        onSelect={setSource}
      />
      <div id={panelId(source)} role="tabpanel" aria-labelledby={tabId(source)} class="stack">
        {source === 'files' && <Files {...props} />}
        {source === 'paste' && <Paste {...props} />}
        {source === 'authentik' && <Authentik {...props} />}
      </div>
    </>
  );
}

function Files({ busy, onChoose }: Props) {
  return (
    <>
      <ul class="import-kinds">
        <li>{t('machines.import-rdp')}</li>
        <li>{t('machines.import-csv')}</li>
        <li>{t('machines.import-json')}</li>
        <li>{t('machines.import-ssh')}</li>
        <li>{t('machines.import-known-hosts')}</li>
      </ul>
      <p class="quiet small">{t('machines.import-preview-first')}</p>
      <div class="row">
        <Button look="primary" icon="folder" busy={busy} onClick={() => void onChoose()}>
          {t('machines.import-choose')}
        </Button>
      </div>
    </>
  );
}

function Paste({ busy, onPaste, onRefused }: Props) {
  const [text, setText] = useState('');
  const [format, setFormat] = useState<Format | 'auto'>('auto');
  return (
    <>
      <Field label={t('machines.import-paste-label')} help={t('machines.import-paste-help')}>
        {(ids) => (
          <textarea
            id={ids.control}
            class="input mono"
            rows={8}
            maxLength={MAX_PASTE}
            value={text}
            spellcheck={false}
            autocomplete="off"
            aria-describedby={ids.describedBy}
            onInput={(event) => setText(event.currentTarget.value)}
            onPaste={(event) => {
              const pasted = event.clipboardData?.getData('text/plain') ?? '';
              if (text.length + pasted.length <= MAX_PASTE) return;
              // Before it is in the page: a field with millions of lines would stand still.
              event.preventDefault();
              onRefused({ code: 'request-invalid', message: t('machines.import-too-long') });
            }}
          />
        )}
      </Field>
      <div class="row">
        <Select
          label={t('machines.import-format')}
          value={format ?? 'auto'}
          choices={[
            { value: 'auto' as const, text: t('machines.import-auto') },
            ...FORMATS.map((value) => ({ value, text: t(`machines.format-${value}`) })),
          ]}
          onChange={setFormat}
        />
        <Button
          look="primary"
          busy={busy}
          disabled={text.trim() === ''}
          onClick={() => {
            if (text.length > MAX_PASTE)
              onRefused({ code: 'request-invalid', message: t('machines.import-too-long') });
            else void onPaste(text, format === 'auto' ? null : format);
          }}
        >
          {t('machines.import-look')}
        </Button>
      </div>
    </>
  );
}

function Authentik({ busy, onAuthentik }: Props) {
  const { status } = useModel();
  const [token, setToken] = useState('');
  const ask = async () => {
    if (token.trim() === '') return;
    const given = token.trim();
    // Used once: it does not stay in the page.
    setToken('');
    await onAuthentik(given);
  };
  return (
    <>
      <p>{t('machines.import-authentik')}</p>
      <Field
        label={t('machines.import-token')}
        help={t('machines.import-token-help', { host: status.value?.host ?? 'authentik' })}
      >
        {(ids) => <TextInput ids={ids} secret value={token} onInput={setToken} onEnter={() => void ask()} />}
      </Field>
      <p class="quiet small">{t('machines.import-mappings')}</p>
      <div class="row">
        <Button look="primary" busy={busy} disabled={token.trim() === ''} onClick={() => void ask()}>
          {t('machines.import-ask')}
        </Button>
      </div>
    </>
  );
}
