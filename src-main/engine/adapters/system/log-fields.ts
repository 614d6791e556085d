/** @file Makes plain, bounded values of whatever is logged. Texts are redacted before they are cut. */
import type { LogFields } from '../../ports/log.ts';

export interface FieldLimits {
  readonly textLength: number;
  readonly depth: number;
  readonly entries: number;
}

export const fieldLimits: FieldLimits = { textLength: 8_192, depth: 6, entries: 100 };

/** Names that a line has of its own. */
const reserved = new Set(['level', 'time', 'msg']);

export class FieldWriter {
  readonly #redact: (text: string) => string;
  readonly #limits: FieldLimits;

  constructor(redact: (text: string) => string, limits: FieldLimits = fieldLimits) {
    this.#redact = redact;
    this.#limits = limits;
  }

  /** A cut in the middle of a secret would leave its first half: therefore redacted first. */
  text(text: string): string {
    const clean = this.#redact(text);
    const over = clean.length - this.#limits.textLength;
    return over > 0 ? `${clean.slice(0, this.#limits.textLength)}… (${over} more)` : clean;
  }

  fields(fields: LogFields): Record<string, unknown> {
    return this.#object(fields, new Set(), 0, true);
  }

  #value(value: unknown, above: ReadonlySet<object>, depth: number): unknown {
    if (typeof value === 'string') return this.text(value);
    if (typeof value === 'bigint' || typeof value === 'symbol') return this.text(value.toString());
    if (typeof value === 'function') return '[function]';
    if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
    if (typeof value !== 'object' || value === null) return value;
    if (above.has(value)) return '[circular]';
    if (depth > this.#limits.depth) return '[deep]';
    return this.#objectLike(value, new Set([...above, value]), depth + 1);
  }

  #objectLike(value: object, above: ReadonlySet<object>, depth: number): unknown {
    if (value instanceof Error) return this.#error(value, above, depth);
    if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
    if (value instanceof URL) return this.text(value.href);
    if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString();
    if (value instanceof Map) return this.#list([...value.entries()], above, depth);
    if (value instanceof Set) return this.#list([...value.values()], above, depth);
    if (Array.isArray(value)) return this.#list(value, above, depth);
    return this.#object(value, above, depth, false);
  }

  #error(error: Error, above: ReadonlySet<object>, depth: number): unknown {
    const { name, message, stack, cause, ...others } = error;
    return {
      ...this.#object(others, above, depth, false),
      name: this.text(name),
      message: this.text(message),
      ...(stack === undefined ? {} : { stack: this.text(stack) }),
      ...(cause === undefined ? {} : { cause: this.#value(cause, above, depth) }),
    };
  }

  #list(list: readonly unknown[], above: ReadonlySet<object>, depth: number): unknown[] {
    const { entries } = this.#limits;
    const shown = list.slice(0, entries).map((value) => this.#value(value, above, depth));
    return list.length > entries ? [...shown, `… (${list.length - entries} more)`] : shown;
  }

  #object(value: object, above: ReadonlySet<object>, depth: number, isTop: boolean): Record<string, unknown> {
    const all = Object.entries(value);
    const shown = all.slice(0, this.#limits.entries).map(([key, entry]): [string, unknown] => {
      const name = this.text(key);
      return [isTop && reserved.has(name) ? `${name}_` : name, this.#value(entry, above, depth)];
    });
    if (all.length > shown.length) shown.push(['…', `${all.length - shown.length} more`]);
    return Object.fromEntries(shown);
  }
}
