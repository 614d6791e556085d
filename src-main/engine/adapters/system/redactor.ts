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

function lowerHex(urlEncoded: string): string {
  return urlEncoded.replace(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase());
}

function urlForms(text: string): readonly string[] {
  const usual = encodeURIComponent(text);
  const strict = usual.replace(/[!'()*]/g, (found) => `%${found.charCodeAt(0).toString(16).toUpperCase()}`);
  const forms = [usual, strict, strict.replaceAll('%20', '+')];
  return [...forms, ...forms.map(lowerHex)];
}

function jsonForms(text: string): readonly string[] {
  const once = JSON.stringify(text).slice(1, -1);
  const twice = JSON.stringify(once).slice(1, -1);
  return [once, twice, once.replaceAll('/', '\\/')];
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

function base64Forms(secret: string): readonly string[] {
  return base64Cores(secret).flatMap((core) => {
    const urlSafe = core.replaceAll('+', '-').replaceAll('/', '_');
    return [core, urlSafe, ...urlForms(core), ...jsonForms(core)];
  });
}

function alternatives(needles: Iterable<string>): string {
  const longestFirst = [...new Set(needles)].sort((a, b) => b.length - a.length);
  return longestFirst.map((needle) => needle.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')).join('|');
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

class SecretRedactor implements Redactor {
  readonly #secrets = new Set<string>();
  readonly #plain = new Set<string>();
  readonly #base64 = new Set<string>();
  #pattern: RegExp | null = null;

  add(secret: string): void {
    if (secret.length < minSecretLength || this.#secrets.has(secret)) return;
    this.#secrets.add(secret);
    for (const form of [secret, ...urlForms(secret), ...jsonForms(secret)]) this.#plain.add(form);
    for (const form of base64Forms(secret)) this.#base64.add(form);
    this.#pattern = new RegExp(`(${alternatives(this.#plain)})|(?:${alternatives(this.#base64)})`, 'gu');
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
