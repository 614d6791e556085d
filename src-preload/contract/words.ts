/** @file Numbers in words, alike in every face of the product. English, as the product is. Pure. */

const numbers = new Intl.NumberFormat('en');
const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte', 'petabyte'] as const;

/** `1,204` */
export function formatCount(value: number): string {
  return numbers.format(value);
}

/** `1 star`, `1,204 stars` */
export function countOf(value: number, one: string, many = `${one}s`): string {
  return `${formatCount(value)} ${value === 1 ? one : many}`;
}

/** `1.2 GB`, `328 MB`; decimal units. */
export function formatBytes(bytes: number): string {
  const exponent = bytes < 1_000 ? 0 : Math.min(Math.floor(Math.log10(bytes) / 3), units.length - 1);
  const unit = units[exponent] ?? 'byte';
  const value = bytes / 1_000 ** exponent;
  return new Intl.NumberFormat('en', {
    style: 'unit',
    unit,
    unitDisplay: exponent === 0 ? 'long' : 'short',
    maximumFractionDigits: exponent < 2 || value >= 100 ? 0 : 1,
  }).format(value);
}

/** `41 s`, `12 min`, `3 h 20 min` */
export function formatDuration(durationMs: number): string {
  const seconds = Math.max(0, Math.round(durationMs / 1_000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const rest = minutes % 60;
  return rest === 0 ? `${formatCount(minutes / 60)} h` : `${formatCount(Math.floor(minutes / 60))} h ${rest} min`;
}
