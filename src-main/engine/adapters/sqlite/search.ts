/**
 * @file Looking for words: how texts are folded, and the condition that finds them. The index knows runs of three
 * characters, so shorter words, and what would make its expression too large, are looked for in the texts themselves.
 */
import { type RawBuilder, sql } from 'kysely';
import type { RepositoryFacts } from '../../domain/repository.ts';

/** Folded here, since SQLite folds ASCII alone. Lower case comes first: it may bring marks with it. */
function fold(text: string): string {
  return text
    .toWellFormed()
    .toLowerCase()
    .normalize('NFD')
    .replaceAll(/\p{Mn}/gu, '');
}

// Control characters part words, so none gets into a word or an expression of the index.
const space = /[\s\p{Cc}]+/u;

/** The words that are looked for, folded, each once. */
export function searchWords(text: string): readonly string[] {
  return [...new Set(fold(text).split(space))].filter((word) => word !== '');
}

/** All that a search looks through. The parts stand on lines of their own, which no word crosses. */
export function searchTextOf({ fullName, description, topics }: RepositoryFacts): string {
  const parts = [fullName, description ?? '', ...topics];
  return parts.map((part) => fold(part).split(space).join(' ').trim()).join('\n');
}

/** More or longer words would cost the index more than they spare. */
const indexed = { words: 8, minLength: 3, maxLength: 64 };

function isIndexed(word: string): boolean {
  const { length } = Array.from(word);
  return length >= indexed.minLength && length <= indexed.maxLength;
}

function quote(word: string): string {
  return `"${word.replaceAll('"', '""')}"`;
}

/** So many words have a condition each; a statement must not grow with what is typed. */
const ownConditions = 8;

/** Conditions that a text of the statement has every word, for what no index serves. */
export function wordConditions(text: RawBuilder<unknown>, words: readonly string[]): readonly RawBuilder<unknown>[] {
  const conditions = words.slice(0, ownConditions).map((word) => sql`instr(${text}, ${word}) > 0`);
  if (words.length <= ownConditions) return conditions;
  const rest = JSON.stringify(words.slice(ownConditions));
  return [...conditions, sql`NOT EXISTS (SELECT 1 FROM json_each(${rest}) AS w WHERE instr(${text}, w.value) = 0)`];
}

/** Conditions on `repositories r`; none where there is no word. */
export function textConditions(text: string): readonly RawBuilder<unknown>[] {
  const words = searchWords(text);
  const inIndex = words
    .filter(isIndexed)
    .sort((a, b) => b.length - a.length)
    .slice(0, indexed.words);
  const others = words.filter((word) => !inIndex.includes(word));
  const conditions = wordConditions(sql`r.search_text`, others);
  if (inIndex.length === 0) return conditions;
  const expression = inIndex.map(quote).join(' ');
  return [
    sql`r.github_id IN (SELECT rowid FROM repository_search WHERE search_text MATCH ${expression})`,
    ...conditions,
  ];
}
