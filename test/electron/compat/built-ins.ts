/**
 * @file What the JavaScript of Electron 9 (Chrome 83) lacks of what epicstar and its tests use. For programs and pages
 * alike; run before all else.
 */

function add(target: object, name: string, value: unknown): void {
  if (!(name in target)) Object.defineProperty(target, name, { value, configurable: true, writable: true });
}

function at<T>(this: ArrayLike<T>, index: number): T | undefined {
  const whole = Math.trunc(index) || 0;
  return this[whole < 0 ? this.length + whole : whole];
}

function findLastIndex<T>(this: readonly T[], test: (item: T, index: number, all: readonly T[]) => unknown): number {
  for (let index = this.length - 1; index >= 0; index -= 1) {
    if (test(this[index] as T, index, this)) return index;
  }
  return -1;
}

add(Array.prototype, 'at', at);
add(String.prototype, 'at', at);
add(Array.prototype, 'findLastIndex', findLastIndex);
add(Array.prototype, 'findLast', function findLast<T>(this: readonly T[], test: (item: T) => unknown): T | undefined {
  return this[findLastIndex.call(this, test as (item: unknown) => unknown)];
});
add(Array.prototype, 'toSorted', function toSorted<T>(this: readonly T[], compare?: (a: T, b: T) => number): T[] {
  return [...this].sort(compare);
});
add(Array.prototype, 'toReversed', function toReversed<T>(this: readonly T[]): T[] {
  return this.map((_item, index) => this[this.length - 1 - index] as T);
});
add(String.prototype, 'replaceAll', function replaceAll(this: string, what: string | RegExp, by: string): string {
  return typeof what === 'string'
    ? // A function is called each time and its answer taken as it is; a text is read for signs such as $&.
      this.replace(new RegExp(what.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'), 'g'), by)
    : this.replace(what, by);
});
add(Object, 'hasOwn', (target: object, key: PropertyKey) => Object.prototype.hasOwnProperty.call(target, key));
add(Object, 'groupBy', <T>(items: Iterable<T>, keyOf: (item: T) => PropertyKey) => {
  const groups: Record<PropertyKey, T[]> = {};
  for (const item of items) (groups[keyOf(item)] ??= []).push(item);
  return groups;
});
add(Map, 'groupBy', <K, T>(items: Iterable<T>, keyOf: (item: T) => K) => {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  return groups;
});
add(URL, 'canParse', (text: string, base?: string) => {
  try {
    return new URL(text, base) instanceof URL;
  } catch {
    return false;
  }
});
add(globalThis, 'structuredClone', (value: unknown): unknown => {
  const copy: unknown = JSON.parse(JSON.stringify(value));
  return copy;
});
add(
  globalThis,
  'WeakRef',
  class {
    readonly #target: object;
    constructor(target: object) {
      this.#target = target;
    }
    deref(): object {
      return this.#target;
    }
  },
);
// Pages alone have elements.
if (typeof Element !== 'undefined') {
  add(Element.prototype, 'checkVisibility', function checkVisibility(this: Element): boolean {
    return this.getClientRects().length > 0;
  });
  add(Element.prototype, 'replaceChildren', function replaceChildren(this: Element, ...nodes: (Node | string)[]): void {
    while (this.lastChild !== null) this.lastChild.remove();
    this.append(...nodes);
  });
}
