/**
 * @file A button that opens a small menu: arrow keys, Home, End, Escape, and a press elsewhere closes it. Made by hand:
 * the menu of Base UI puts guards into the page that take the focus while they are hidden from screen readers.
 */
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { Icon, type IconName } from './icon.tsx';

export interface MenuItem {
  readonly label: string;
  readonly onPress: () => void;
  /** Below a line: what follows cannot be undone. */
  readonly isApart?: boolean;
}

interface MenuProps {
  readonly label: string;
  /** Null: only the arrow is seen, and the label read out. */
  readonly icon: IconName | null;
  readonly items: readonly MenuItem[];
  readonly isOff: boolean;
}

export function MenuButton({ label, icon, items, isOff }: MenuProps) {
  const [isOpen, setIsOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const id = useId();
  useCloseOutside(box, isOpen, () => setIsOpen(false));

  const close = (): void => {
    setIsOpen(false);
    button.current?.focus();
  };
  return (
    <div className="menu" ref={box}>
      <button
        ref={button}
        type="button"
        className={icon === null ? 'button button-plain button-arrow' : 'button button-plain'}
        {...(icon === null ? { 'aria-label': label, title: label } : {})}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        aria-controls={isOpen ? id : undefined}
        aria-disabled={isOff}
        onClick={() => setIsOpen(!isOpen && !isOff)}
        onKeyDown={(event) => {
          if (event.key !== 'ArrowDown' || isOff) return;
          event.preventDefault();
          setIsOpen(true);
        }}
      >
        {icon !== null && (
          <>
            <Icon name={icon} />
            <span>{label}</span>
          </>
        )}
        <Icon name="chevron" />
      </button>
      {isOpen && <MenuList id={id} label={label} items={items} onClose={close} />}
    </div>
  );
}

interface MenuListProps {
  readonly id: string;
  readonly label: string;
  readonly items: readonly MenuItem[];
  readonly onClose: () => void;
}

function MenuList({ id, label, items, onClose }: MenuListProps) {
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => list.current?.querySelector('button')?.focus(), []);

  const move = (event: KeyboardEvent): void => {
    if (event.key === 'Escape' || event.key === 'Tab') {
      if (event.key === 'Escape') event.preventDefault();
      onClose();
      return;
    }
    const buttons = [...(list.current?.querySelectorAll('button') ?? [])];
    const at = buttons.findIndex((one) => one === document.activeElement);
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: (at + 1) % buttons.length,
      ArrowUp: (at - 1 + buttons.length) % buttons.length,
      Home: 0,
      End: buttons.length - 1,
    };
    const next = steps[event.key];
    if (next === undefined) return;
    event.preventDefault();
    buttons[next]?.focus();
  };
  return (
    <div ref={list} id={id} className="menu-list" role="menu" aria-label={label} tabIndex={-1} onKeyDown={move}>
      {items.map((item) => (
        <button
          key={item.label}
          type="button"
          role="menuitem"
          className={item.isApart === true ? 'menu-apart' : undefined}
          tabIndex={-1}
          onClick={() => {
            onClose();
            item.onPress();
          }}
        >
          {item.label}
        </button>
      ))}
    </div>
  );
}

function useCloseOutside(box: { readonly current: HTMLElement | null }, isOpen: boolean, close: () => void): void {
  useEffect(() => {
    if (!isOpen) return undefined;
    const check = (event: PointerEvent): void => {
      if (event.target instanceof Node && box.current?.contains(event.target) !== true) close();
    };
    document.addEventListener('pointerdown', check);
    return () => document.removeEventListener('pointerdown', check);
  });
}
