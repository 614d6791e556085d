/** @file Which part of a chart is pointed at, by mouse or by arrow keys. */
import { type KeyboardEvent, type PointerEvent, useState } from 'react';

export interface Cursor {
  /** Null: none. */
  readonly at: number | null;
  /** Whether it was moved by keys, and what it is on should be read out. */
  readonly isByKeys: boolean;
  readonly handlers: {
    readonly onPointerMove: (event: PointerEvent<HTMLElement>) => void;
    readonly onPointerLeave: () => void;
    readonly onKeyDown: (event: KeyboardEvent<HTMLElement>) => void;
    readonly onFocus: () => void;
    readonly onBlur: () => void;
  };
}

interface State {
  readonly at: number;
  readonly isByKeys: boolean;
}

/** @param first where the keys begin */
export function useCursor(count: number, axis: 'x' | 'y', first: number): Cursor {
  const [state, setState] = useState<State | null>(null);
  const clamp = (at: number): number => Math.min(count - 1, Math.max(0, at));

  const point = (event: PointerEvent<HTMLElement>): void => {
    const box = event.currentTarget.getBoundingClientRect();
    const fraction = axis === 'x' ? (event.clientX - box.left) / box.width : (event.clientY - box.top) / box.height;
    const at = clamp(Math.floor(fraction * count));
    if (state === null || state.at !== at || state.isByKeys) setState({ at, isByKeys: false });
  };
  const press = (event: KeyboardEvent<HTMLElement>): void => {
    const at = state?.at ?? first;
    const steps: Readonly<Record<string, number>> = {
      ArrowLeft: at - 1,
      ArrowUp: at - 1,
      ArrowRight: at + 1,
      ArrowDown: at + 1,
      Home: 0,
      End: count - 1,
    };
    if (event.key === 'Escape') {
      setState(null);
      return;
    }
    const next = steps[event.key];
    if (next === undefined) return;
    event.preventDefault();
    setState({ at: clamp(next), isByKeys: true });
  };
  return {
    at: state === null ? null : clamp(state.at),
    isByKeys: state?.isByKeys ?? false,
    handlers: {
      onPointerMove: point,
      onPointerLeave: () => setState((now) => (now?.isByKeys === true ? now : null)),
      onKeyDown: press,
      onFocus: () => setState((now) => now ?? { at: clamp(first), isByKeys: true }),
      onBlur: () => setState(null),
    },
  };
}
