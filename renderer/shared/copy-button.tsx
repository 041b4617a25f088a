import { useEffect, useState } from 'preact/hooks';
import { Button } from './button.tsx';
import { t } from './i18n/translate.ts';

/** How long it says that it was done, in ms. */
const SAID_MS = 2000;

/** Copies what `text` gives, and says that it did. `copy` resolves with whether it worked. */
export function CopyButton({
  text,
  copy,
  children,
  label,
  small = false,
}: {
  readonly text: () => string;
  readonly copy: (text: string) => Promise<boolean>;
  readonly children: string;
  readonly label?: string;
  readonly small?: boolean;
}) {
  const [done, setDone] = useState(false);
  useEffect(() => {
    if (!done) return undefined;
    const timer = setTimeout(() => setDone(false), SAID_MS);
    return () => clearTimeout(timer);
  }, [done]);
  return (
    <Button
      icon={done ? 'check' : 'copy'}
      small={small}
      {...(label !== undefined && { label })}
      onClick={() => void copy(text()).then(setDone)}
    >
      {done ? t('copy.done') : children}
    </Button>
  );
}
