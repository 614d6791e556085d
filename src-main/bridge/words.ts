/** @file Numbers in words. The product speaks English; numbers are written as English does. Pure. */

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

/** `1.2 GB`; decimal units, at most one decimal place. */
export function formatBytes(bytes: number): string {
  const exponent = bytes < 1_000 ? 0 : Math.min(Math.floor(Math.log10(bytes) / 3), units.length - 1);
  const unit = units[exponent] ?? 'byte';
  return new Intl.NumberFormat('en', {
    style: 'unit',
    unit,
    unitDisplay: exponent === 0 ? 'long' : 'short',
    maximumFractionDigits: exponent < 2 ? 0 : 1,
  }).format(bytes / 1_000 ** exponent);
}
