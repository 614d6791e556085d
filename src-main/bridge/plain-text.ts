/** @file Texts of strangers, made fit to be shown as text. Pure. */

// Control characters, and those that turn the direction of what follows them or are not seen at all.
const hidden = String.raw`[\p{Cc}\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]`;
// The two joiners shape what stands around them in these scripts and between pictures; elsewhere they only hide.
const scripts =
  'Arabic Syriac Devanagari Bengali Gurmukhi Gujarati Oriya Tamil Telugu Kannada Malayalam Sinhala Mongolian';
const shaped = scripts
  .split(' ')
  .map((script) => String.raw`\p{Script=${script}}`)
  .join('');
const pictures = String.raw`\p{Extended_Pictographic}\p{Emoji_Modifier}\ufe0f`;
const strayJoiner = `(?<![${shaped}${pictures}])[\\u200c\\u200d]|[\\u200c\\u200d](?![${shaped}${pictures}])`;
const unseen = new RegExp(`${hidden}|${strayJoiner}`, 'gu');

/**
 * One line of at most `maxChars` UTF-16 units: line ends and tabs become spaces, other unseen characters U+FFFD.
 */
export function plainLine(text: string, maxChars: number): string {
  return cut(text.replace(/[\r\n\t]+/g, ' ').replace(unseen, '\ufffd'), maxChars);
}

/** The same for several lines, whose ends stay; what is cut is cut at the front, since the end tells most. */
export function plainLines(text: string, maxChars: number): string {
  const clean = text
    .replace(/\r\n?/g, '\n')
    .split('\n')
    .map((line) => line.replaceAll('\t', '  ').replace(unseen, '\ufffd'))
    .join('\n');
  return clean.length <= maxChars ? clean : `…${clean.slice(clean.length - maxChars + 1)}`;
}

function cut(text: string, maxChars: number): string {
  if (text.length <= maxChars) return text;
  // Half of a surrogate pair would be shown as a broken character.
  return `${text.slice(0, maxChars - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}
