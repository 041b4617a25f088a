import type { ComponentChildren } from 'preact';
import { Icon, type IconName } from './icon.tsx';

export interface ButtonProps {
  readonly children: ComponentChildren;
  readonly onClick?: () => void;
  /** `primary`: the one thing to do; `danger`: it takes something away; `plain`: no border. */
  readonly look?: 'normal' | 'primary' | 'danger' | 'plain';
  readonly icon?: IconName;
  readonly type?: 'button' | 'submit';
  readonly disabled?: boolean;
  /** It is being done: the button can be read and not be pressed. */
  readonly busy?: boolean;
  /** What a screen reader says where the words on it are not enough. */
  readonly label?: string;
  readonly small?: boolean;
  readonly pressed?: boolean;
  readonly autoFocus?: boolean;
}

export function Button({
  children,
  onClick,
  look = 'normal',
  icon,
  type = 'button',
  disabled = false,
  busy = false,
  label,
  small = false,
  pressed,
  autoFocus = false,
}: ButtonProps) {
  return (
    <button
      type={type}
      class={`button ${look}${small ? ' little' : ''}`}
      disabled={disabled}
      aria-disabled={busy ? 'true' : undefined}
      aria-label={label}
      aria-pressed={pressed}
      // The first thing a dialog offers.
      data-first={autoFocus ? '' : undefined}
      onClick={(event) => {
        event.stopPropagation();
        if (!busy) onClick?.();
      }}
    >
      {busy ? (
        <span class="spinner" aria-hidden="true" />
      ) : (
        icon && <Icon name={icon} size={small ? 16 : 18} />
      )}
      <span>{children}</span>
    </button>
  );
}

/** A button that only shows a picture: its name is said and shown when pointed at. */
export function IconButton({
  icon,
  label,
  disabled = false,
  onClick,
}: {
  readonly icon: IconName;
  readonly label: string;
  readonly disabled?: boolean;
  readonly onClick: () => void;
}) {
  return (
    <button
      type="button"
      class="button plain only-icon"
      aria-label={label}
      title={label}
      disabled={disabled}
      onClick={(event) => {
        // Not what lies below, such as a row that opens.
        event.stopPropagation();
        onClick();
      }}
    >
      <Icon name={icon} />
    </button>
  );
}
