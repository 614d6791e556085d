/** @file Texts from outside made fit for error details; knows nothing of GitHub. */

const unprintable = /[\p{C}\p{Zl}\p{Zp}]/gu;

/** One line of at most `maxChars` characters, with control, format and lone surrogate characters escaped. */
export function oneLine(text: string, maxChars = 200): string {
  // Cut before escaping too: the text may be megabytes long.
  const escaped = text
    .slice(0, maxChars + 1)
    .replace(/[\r\n\t]+/g, ' ')
    .replace(unprintable, (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`);
  return escaped.length > maxChars || text.length > maxChars ? `${escaped.slice(0, maxChars - 1)}…` : escaped;
}

/** What kind of thing a value is, for "expected …, got …" sentences; shows the start of a text. */
export function describeValue(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'string') return value === '' ? 'nothing' : `the text "${oneLine(value, 60)}"`;
  if (value instanceof ArrayBuffer) return `${value.byteLength} bytes`;
  if (typeof value === 'object') return 'an object';
  return `a ${typeof value}`;
}
