/** @file Reading a sentence of the wire. Pure. */
import type { Sentence } from './views.ts';

/** The whole sentence, with instants written by `formatTime` in the reader's time zone. */
export function sentenceText(sentence: Sentence, formatTime: (at: number) => string): string {
  return sentence.map((part) => (typeof part === 'string' ? part : formatTime(part.time))).join('');
}
