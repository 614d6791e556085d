/** @file Numbers, times and untrusted texts as the terminal shows them. */

const units = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** 1000-based, at most one decimal: `3.4 MB`. */
export function formatBytes(bytes: number): string {
  let value = Math.max(bytes, 0);
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : 1;
  return `${value.toFixed(digits)} ${units[unit] ?? 'B'}`;
}

/** `850 ms`, `12.3 s`, `4 min 5 s`, `2 h 3 min`. */
export function formatDuration(durationMs: number): string {
  if (durationMs < 1000) return `${Math.round(durationMs)} ms`;
  if (durationMs < 59_950) return `${(durationMs / 1000).toFixed(1)} s`;
  const minutes = Math.floor(durationMs / 60_000);
  if (minutes < 60) return `${minutes} min ${Math.floor((durationMs % 60_000) / 1000)} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

export function formatTime(atMs: number): string {
  return new Date(atMs).toISOString().replace('T', ' ').slice(0, 19);
}

/** A sentence of the contract, its times written in this computer's time zone. */
export function sentenceText(sentence: readonly (string | { readonly time: number })[]): string {
  return sentence
    .map((part) =>
      typeof part === 'string'
        ? part
        : new Date(part.time).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' }),
    )
    .join('');
}

/** Control characters (terminal escapes among them) and line breaks are written `\xHH`. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (found) => {
    const code = found.codePointAt(0) ?? 0;
    return code < 256 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
  });
}

/**
 * The last gate before a terminal, for lines that are put together: line ends stay, of other control characters and those
 * that turn the direction only their escapes, which are right in JSON texts as well.
 */
export function harmless(lines: string): string {
  return lines.replace(/[^\P{Cc}\n]|[\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu, (found) => {
    return `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

export function plural(count: number, one: string, many: string): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
}
