/** @file Buttons. One that is busy or off stays focusable, so that the keyboard does not lose its place. */
import type { MouseEventHandler } from 'react';
import { Icon, type IconName } from './icon.tsx';

interface CommonProps {
  readonly label: string;
  readonly icon: IconName;
  readonly onPress: () => void;
  readonly isBusy?: boolean;
  readonly isOff?: boolean;
}

function pressHandler({ onPress, isBusy, isOff }: Omit<CommonProps, 'icon'>): MouseEventHandler {
  return () => {
    if (isBusy !== true && isOff !== true) onPress();
  };
}

interface ButtonProps extends CommonProps {
  readonly kind?: 'primary' | 'plain';
  /** Read out after the label. */
  readonly of?: string;
}

export function Button(props: ButtonProps) {
  const { label, icon, isBusy = false, isOff = false, kind = 'plain', of } = props;
  return (
    <button
      type="button"
      className={`button button-${kind}`}
      aria-label={of === undefined ? undefined : `${label}: ${of}`}
      aria-disabled={isOff || isBusy}
      aria-busy={isBusy}
      onClick={pressHandler(props)}
    >
      <Icon name={isBusy ? 'sync' : icon} spinning={isBusy} />
      <span>{label}</span>
    </button>
  );
}

/** Looks like a link. `of` is read out after the label. */
export function TextButton(props: Omit<CommonProps, 'icon'> & { readonly of: string }) {
  const { label, of, isBusy = false, isOff = false } = props;
  return (
    <button
      type="button"
      className="text-button"
      aria-label={`${label}: ${of}`}
      aria-disabled={isOff || isBusy}
      aria-busy={isBusy}
      onClick={pressHandler(props)}
    >
      {label}
    </button>
  );
}

/** Only an icon is seen; the label is read out and shown on hover. */
export function IconButton(props: CommonProps) {
  const { label, icon, isBusy = false, isOff = false } = props;
  return (
    <button
      type="button"
      className="icon-button"
      aria-label={label}
      title={label}
      aria-disabled={isOff || isBusy}
      aria-busy={isBusy}
      onClick={pressHandler(props)}
    >
      <Icon name={isBusy ? 'sync' : icon} spinning={isBusy} />
    </button>
  );
}
