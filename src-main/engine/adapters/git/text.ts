/** @file Text and names from outside made safe to show and to hand to git; must not know what git answered. */
import { EpicstarError } from '../../domain/errors.ts';

// Control characters, line and paragraph separators, and the marks that turn the direction of text around.
const unsafe = /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/gu;

/**
 * Writes control characters as `\xNN` or `\u{…}`, so that a text can neither steer a terminal nor hide a part of
 * itself. Line feeds and tabs stay.
 */
export function escapeControls(text: string): string {
  return text.replace(unsafe, (found) => {
    if (found === '\n' || found === '\t') return found;
    const code = found.codePointAt(0) ?? 0;
    return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
  });
}

/** One line of at most `maxLength` characters. */
export function oneLine(text: string, maxLength = 300): string {
  const line = escapeControls(text.replace(/\s+/g, ' ').trim());
  return line.length <= maxLength ? line : `${line.slice(0, maxLength - 1)}…`;
}

const forbiddenInRefs = /[ ~^:?*[\\]|\.\.|@\{|\/\/|\/\.|\.lock(?:\/|$)|[/.]$/;
const objectId = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

function hasAsciiControl(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code < 0x20 || code === 0x7f) return true;
  }
  return false;
}

/**
 * Returns the name if it is a full ref name by git's rules, so that it can be neither an option nor a pattern.
 *
 * @see https://git-scm.com/docs/git-check-ref-format
 */
export function checkedRef(ref: string): string {
  if (ref.startsWith('refs/') && !forbiddenInRefs.test(ref) && !hasAsciiControl(ref)) return ref;
  throw new EpicstarError('git-failed', `Not a ref name: ${oneLine(JSON.stringify(ref), 120)}`);
}

/** Returns the id if it is a whole object id in lower-case hex. */
export function checkedOid(oid: string): string {
  if (objectId.test(oid)) return oid;
  throw new EpicstarError('git-failed', `Not an object id: ${oneLine(JSON.stringify(oid), 120)}`);
}
