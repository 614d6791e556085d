/** @file Every form in which a secret travels, and a search for it that knows them all. Shares no code with the redactor. */
import { Buffer } from 'node:buffer';

const prefixes = ['', ':', 'x-access-token:', 'user:', 'ab:', 'abc:', 'token ', '{"a":"', '\u00e9:'];
const suffixes = ['', ':', '@', '":', '\n', ':x-oauth-basic', '"}'];

function percent(text: string, isUpper: boolean): string {
  const encoded = encodeURIComponent(text);
  return isUpper ? encoded : encoded.replace(/%../g, (escape) => escape.toLowerCase());
}

/** A text for each form that holds the secret in it. */
export function formsOf(secret: string): readonly string[] {
  const base64 = prefixes.flatMap((prefix) =>
    suffixes.flatMap((suffix) => {
      const bytes = Buffer.from(prefix + secret + suffix, 'utf8');
      return [bytes.toString('base64'), bytes.toString('base64url')];
    }),
  );
  return [
    secret,
    percent(secret, true),
    percent(secret, false),
    new URLSearchParams({ a: secret }).toString().slice(2),
    JSON.stringify(secret),
    JSON.stringify(JSON.stringify(secret)),
    ...base64,
    ...base64.map((form) => percent(form, true)),
    ...base64.map((form) => percent(form, false)),
  ];
}

/** How many letters of a secret in a row may be seen before it counts as seen. */
const visibleLetters = 6;

/** Decodes all that looks like base64 or a URL or JSON, and says whether a piece of the secret shows anywhere. */
export function shows(text: string, secret: string): boolean {
  const pieces = Array.from({ length: secret.length - visibleLetters + 1 }, (_, at) =>
    secret.slice(at, at + visibleLetters),
  );
  const unescaped = unescapeAll(text);
  const percentFree = text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => Buffer.from(hex, 'hex').toString('latin1'));
  const runs = percentFree.match(/[A-Za-z0-9+/_-]{8,}/g) ?? [];
  const decoded = runs.flatMap((run) =>
    [0, 1, 2, 3].map((skip) => Buffer.from(run.slice(skip), 'base64').toString('utf8')),
  );
  return [text, unescaped, ...decoded].some((view) => pieces.some((piece) => view.includes(piece)));
}

function unescapeAll(text: string): string {
  const bare = text.replaceAll('\\', '').replaceAll('+', ' ');
  return bare.replace(/(?:%[0-9a-f]{2})+/gi, (run) => Buffer.from(run.replaceAll('%', ''), 'hex').toString('utf8'));
}
