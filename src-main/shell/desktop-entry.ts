/**
 * @file Text of an XDG desktop file: writing a command so that nothing in it is taken for syntax, and reading keys back.
 * Source: Desktop Entry Specification 1.5, "Possible value types" and "The Exec key". Pure.
 */

/** Characters for which an argument must stand in quotes. */
const reserved = /[\s"'\\><~|&;$*?#()`]/;

/** Why a program cannot be named in an Exec line, or null: control characters have no place in a line. */
export function whyUnfit(programPath: string): string | null {
  return /\p{Cc}/u.test(programPath) ? 'Its path holds a control character.' : null;
}

/** @throws Error for an argument that no Exec line can carry */
export function execLine(programPath: string, args: readonly string[]): string {
  const words = [...launcherOf(programPath), programPath, ...args];
  if (words.some((word) => whyUnfit(word) !== null)) throw new Error('an Exec line cannot carry this command');
  return escapeString(words.map(quote).join(' '));
}

/**
 * The specification forbids `=` in the program's path, and GLib looks for the program before it reads `%%` as a sign of
 * percent. As an argument both are fine: a shell, which is given no code but this, runs it.
 */
function launcherOf(programPath: string): readonly string[] {
  return /[=%]/.test(programPath) ? ['/bin/sh', '-c', 'exec "$0" "$@"'] : [];
}

/** Written for the value type "string", whose one escape sign is the backslash. */
export function escapeString(text: string): string {
  return text.replaceAll('\\', '\\\\').replace(/^ /, '\\s');
}

function quote(word: string): string {
  // A sign of percent begins a field code, in quotes too.
  const plain = word.replaceAll('%', '%%');
  if (plain !== '' && !reserved.test(plain)) return plain;
  return `"${plain.replace(/["`$\\]/g, '\\$&')}"`;
}

/** Keys of the group `[Desktop Entry]`, as written; of a key that stands twice the last one. */
export function readEntry(text: string): ReadonlyMap<string, string> {
  const keys = new Map<string, string>();
  let isInGroup = false;
  for (const line of text.split('\n').map((raw) => raw.trim())) {
    if (line.startsWith('[')) isInGroup = line === '[Desktop Entry]';
    const [, key, value] = /^([A-Za-z0-9-]+)\s*=\s*(.*)$/.exec(line) ?? [];
    if (isInGroup && key !== undefined && value !== undefined) keys.set(key, value);
  }
  return keys;
}
