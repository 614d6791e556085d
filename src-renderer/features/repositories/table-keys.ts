/** @file What a key does in the list. Pure. */

export type KeyStep =
  | { readonly kind: 'move'; readonly to: number; readonly extends: boolean }
  | { readonly kind: 'open' | 'toggle' | 'select-all' };

interface Keys {
  readonly key: string;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}

interface Place {
  /** Row that has the focus. */
  readonly active: number;
  readonly count: number;
  readonly rowsInView: number;
}

/** Null: nothing, the key is left to the browser. */
export function keyStep(keys: Keys, { active, count, rowsInView }: Place): KeyStep | null {
  const { key, shiftKey, altKey } = keys;
  const hasCommand = keys.ctrlKey || keys.metaKey;
  if (altKey || count === 0) return null;
  if (hasCommand && key.toLowerCase() === 'a') return { kind: 'select-all' };
  const targets: Readonly<Record<string, number>> = {
    ArrowDown: active + 1,
    ArrowUp: active - 1,
    PageDown: active + rowsInView,
    PageUp: active - rowsInView,
    Home: 0,
    End: count - 1,
  };
  const target = targets[key];
  if (target !== undefined) {
    return { kind: 'move', to: Math.max(0, Math.min(count - 1, target)), extends: shiftKey };
  }
  if (hasCommand) return null;
  if (key === 'Enter') return { kind: 'open' };
  return key === ' ' ? { kind: 'toggle' } : null;
}
