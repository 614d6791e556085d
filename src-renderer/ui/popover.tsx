/** @file A button that opens a small panel beside it: takes the focus, gives it back, closes with Escape. */
import { Popover as Base } from '@base-ui/react/popover';
import type { ReactNode } from 'react';
import { Icon } from './icon.tsx';

interface PopoverButtonProps {
  readonly label: string;
  /** Number of choices that are in force; shown in the button when there are any. */
  readonly count: number;
  readonly isOpen: boolean;
  readonly onOpenChange: (isOpen: boolean) => void;
  readonly children: ReactNode;
}

export function PopoverButton({ label, count, isOpen, onOpenChange, children }: PopoverButtonProps) {
  return (
    <Base.Root open={isOpen} onOpenChange={(open) => onOpenChange(open)}>
      <Base.Trigger className={count > 0 ? 'button button-plain button-chosen' : 'button button-plain'}>
        <span>{label}</span>
        {count > 0 && (
          <span className="button-count">
            {count}
            <span className="visually-hidden"> chosen</span>
          </span>
        )}
        <Icon name="chevron" />
      </Base.Trigger>
      <Base.Portal>
        <Base.Positioner className="popover-place" sideOffset={4} align="start" collisionPadding={8}>
          <Base.Popup className="popover" aria-label={label}>
            {children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
