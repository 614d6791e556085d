/**
 * @file Finds secrets in texts in every form in which they travel: plain, in URLs, in JSON, and in base64 alone or
 * somewhere inside a longer text, such as the `user:token` of basic authentication.
 */
import { Buffer } from 'node:buffer';
import type { Redactor } from '../../ports/log.ts';

const replacement = '[redacted]';

/** Shorter ones would hit ordinary words. */
const minSecretLength = 8;

const base64Character = /[A-Za-z0-9+/_=-]/;

const escapedInPattern = /[\\^$.*+?()[\]{}|/]/;

function percentForm(text: string): string {
  const bytes = [...Buffer.from(text, 'utf8')].map((byte) => byte.toString(16).padStart(2, '0'));
  return bytes.map((hex) => `%(?:25)*${hex.replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`)}`).join('');
}

/** JSON in JSON, and JSON in a URL; bounded, so that a text of backslashes alone costs no time. */
const backslashes = `(?:\\\\|${percentForm('\\')}){0,8}`;

/** A pattern for a text in which each character may stand as it is or escaped as in a URL, JSON, or one in the other. */
function tolerantPattern(text: string, others: Readonly<Record<string, string>>): string {
  const characters = Array.from(text, (character) => {
    const literal = escapedInPattern.test(character) ? `\\${character}` : character;
    const escaped = /["\\/]/.test(character) ? `${backslashes}${literal}` : literal;
    const encoded = /["\\/]/.test(character) ? backslashes + percentForm(character) : percentForm(character);
    const other = others[character];
    return `(?:${escaped}|${encoded}${other === undefined ? '' : `|${other}`})`;
  });
  return characters.join('');
}

/**
 * The part of the base64 form that is the same whatever stands before and after the secret. Three bytes make four
 * characters, so there is one such part for each of the three places at which a secret can begin.
 */
function base64Cores(secret: string): readonly string[] {
  const bytes = Buffer.from(secret, 'utf8');
  return [0, 1, 2].map((before) => {
    const encoded = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
    const first = before === 0 ? 0 : before + 1;
    const wholeBits = (before + bytes.length) * 8;
    return encoded.slice(first, Math.floor(wholeBits / 6));
  });
}

/** Where the run of base64 around a match begins; the second half of an escape such as `\n` is no part of it. */
function runStart(text: string, from: number, matchStart: number): number {
  let start = matchStart;
  while (start > from && base64Character.test(text.charAt(start - 1))) start -= 1;
  if (start === 0 || text.charAt(start - 1) !== '\\') return start;
  return Math.min(start + (text.charAt(start) === 'u' ? 5 : 1), matchStart);
}

function runEnd(text: string, matchEnd: number): number {
  let end = matchEnd;
  while (end < text.length && base64Character.test(text.charAt(end))) end += 1;
  return end;
}

/** base64url has two characters of its own. */
const urlSafe = { '+': '-', '/': '_' };

class SecretRedactor implements Redactor {
  readonly #secrets = new Set<string>();
  #pattern: RegExp | null = null;

  add(secret: string): void {
    if (secret.length < minSecretLength || this.#secrets.has(secret)) return;
    this.#secrets.add(secret);
    // The longest first: another one can be the beginning of it.
    const secrets = [...this.#secrets].sort((a, b) => b.length - a.length);
    const plain = secrets.map((each) => tolerantPattern(each, { ' ': '\\+' }));
    const base64 = secrets.flatMap(base64Cores).map((core) => tolerantPattern(core, urlSafe));
    this.#pattern = new RegExp(`(${plain.join('|')})|(?:${base64.join('|')})`, 'gu');
  }

  redact(text: string): string {
    const pattern = this.#pattern;
    if (pattern === null) return text;
    let result = '';
    let done = 0;
    pattern.lastIndex = 0;
    for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
      const isPlain = match[1] !== undefined;
      const start = isPlain ? match.index : runStart(text, done, match.index);
      const end = isPlain ? pattern.lastIndex : runEnd(text, pattern.lastIndex);
      result += text.slice(done, start) + replacement;
      done = end;
      pattern.lastIndex = end;
    }
    return result + text.slice(done);
  }
}

/** Knows no secret yet. */
export function createRedactor(): Redactor {
  return new SecretRedactor();
}
