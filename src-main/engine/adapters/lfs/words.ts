/** @file Failures of requests in words for a person. Pure. */
import { epicstarErrorIn } from '../../domain/errors.ts';

/** Foreign text in one line of at most 200 characters, without characters that steer. */
export function plainWords(text: string): string {
  const flat = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
  return flat.length > 200 ? `${flat.slice(0, 199)}…` : flat;
}

function codeOf(error: unknown): string | null {
  let found: string | null = null;
  let current = error;
  for (let depth = 0; depth < 8 && current instanceof Error; depth += 1) {
    if ('code' in current && typeof current.code === 'string') found = current.code;
    current = current.cause;
  }
  return found;
}

const timeouts = /TIMEOUT|ETIMEDOUT/;
const cuts = new Set([
  'ECONNRESET',
  'EPIPE',
  'UND_ERR_SOCKET',
  'UND_ERR_RES_CONTENT_LENGTH_MISMATCH',
  'ERR_STREAM_PREMATURE_CLOSE',
]);

/** What happened on the way to a host. */
export function networkWords(error: unknown, host: string): string {
  const own = epicstarErrorIn(error);
  if (own !== null) return own.message;
  const code = codeOf(error);
  if (code === null) return `the connection to ${host} failed`;
  if (cuts.has(code)) return `the connection to ${host} was cut`;
  if (timeouts.test(code)) return `${host} was silent for too long`;
  if (code === 'ECONNREFUSED') return `${host} refuses the connection`;
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return `the name ${host} is not known`;
  return `the connection to ${host} failed (${code})`;
}

export function diskWords(error: unknown): string | null {
  const code = codeOf(error);
  if (code === 'ENOSPC' || code === 'EDQUOT') return 'The disk is full.';
  return code === null || !/^E[A-Z]+$/.test(code) || cuts.has(code) ? null : `A file could not be written (${code}).`;
}
