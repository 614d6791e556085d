/** @file The `crypto` of Node 12 with what it lacks of what epicstar uses. */
import { randomBytes } from 'node:crypto';

export * from 'node:crypto';

export function randomUUID(): string {
  const hex = randomBytes(16).toString('hex');
  const parts = [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `a${hex.slice(17, 20)}`, hex.slice(20)];
  return parts.join('-');
}
