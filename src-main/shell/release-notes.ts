/**
 * @file Notes of a version as plain text that a window can show as it is. They come from a server, as text, Markdown or
 * HTML, one or a list; nothing of them is ever taken for markup.
 */
import { readFile } from 'node:fs/promises';

const mostChars = 16_000;
const blockTags = 'p|div|ul|ol|li|h[1-6]|br|hr|pre|blockquote|table|tr|section|article|header|footer';
const otherTags = 'strong|b|em|i|u|s|del|ins|a|code|span|img|td|th|tbody|thead|small|sub|sup|details|summary|kbd|tt';
const htmlRule = new RegExp(`</?(${blockTags}|${otherTags})(\\s[^<>]{0,2000})?/?>`, 'i');
const blockRule = new RegExp(`</?(${blockTags})(\\s[^<>]{0,2000})?/?>`, 'gi');
const otherRule = new RegExp(`</?(${otherTags})(\\s[^<>]{0,2000})?/?>`, 'gi');
/** What controls instead of being read: also what turns the direction of what follows. */
const unseenRule = /(?![\t\n])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}]/gu;
/** Looked for from where a run of spaces begins, so that a long one does not cost the square of its length. */
const endSpacesRule = /(?<![ \t])[ \t]+$/gm;
const entities: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  ndash: '–',
  mdash: '—',
  hellip: '…',
};

/** @param notes of any kind; null for what says nothing */
export function plainNotes(notes: unknown): string | null {
  const text = Array.isArray(notes) ? notes.slice(0, 50).map(oneOf).join('\n\n') : plainText(notes);
  const tidy = text
    .replace(endSpacesRule, '')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
  if (tidy === '') return null;
  return tidy.length <= mostChars ? tidy : `${tidy.slice(0, mostChars - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

/** An entry of a list: a version and its note. */
function oneOf(entry: unknown): string {
  if (typeof entry !== 'object' || entry === null) return plainText(entry);
  const version: unknown = Reflect.get(entry, 'version');
  const note = plainText(Reflect.get(entry, 'note')).trim();
  return typeof version === 'string' && note !== '' ? `${plainText(version).slice(0, 100)}\n${note}` : note;
}

function plainText(value: unknown): string {
  if (typeof value !== 'string') return '';
  const text = value.slice(0, 4 * mostChars).replace(/\r\n?/g, '\n');
  return (htmlRule.test(text) ? withoutTags(text) : withoutMarks(text)).replace(unseenRule, '');
}

function withoutTags(html: string): string {
  return html
    .replace(/<!--[\s\S]*?(-->|$)|<(script|style)\b[\s\S]*?(<\/\2\s*>|$)/gi, '')
    .replace(/\s+/g, ' ')
    .replace(/<li(\s[^<>]{0,2000})?>\s*/gi, '\n- ')
    .replace(/<h[1-6](\s[^<>]{0,2000})?>/gi, '\n\n')
    .replace(blockRule, '\n')
    .replace(otherRule, '')
    .replace(/&(#x?[0-9a-f]{1,6}|[a-z]{1,8});/gi, (whole, name: string) => decode(name) ?? whole)
    .replace(/\n +/g, '\n')
    .replace(/(^|\n)(- [^\n]*)\n+(?=- )/g, '$1$2\n');
}

function decode(name: string): string | undefined {
  if (!name.startsWith('#')) return entities[name.toLowerCase()];
  const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number.parseInt(name.slice(1), 10);
  const isCharacter = code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
  return isCharacter ? String.fromCodePoint(code) : undefined;
}

/** Markdown reads well as it is, but for the marks of headings, emphasis and code. */
function withoutMarks(markdown: string): string {
  return markdown
    .replace(/^#{1,6}[ \t]+(.*)$/gm, (_, heading: string) => heading.replace(/(?<![ \t#])[ \t#]+$/, ''))
    .replace(/^([ \t]*)[*+][ \t]+/gm, '$1- ')
    .replace(/\*\*([^*\n]+)\*\*/g, '$1')
    .replace(/`([^`\n]+)`/g, '$1');
}

/** Notes that were packed with this program; null: none. */
export async function readPackedNotes(path: string): Promise<string | null> {
  try {
    return plainNotes(await readFile(path, 'utf8'));
  } catch {
    // From source there is no such file, and a package may come without.
    return null;
  }
}
