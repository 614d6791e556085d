/**
 * @file The part of the changelog that belongs to one version: what an update shows before it is downloaded, and after it
 * was installed.
 */

/**
 * @param {string} changelog in the format of Keep a Changelog
 * @param {string} version
 * @returns {string | null} without the heading; null: there is no such part, or nothing in it
 */
export function notesOf(changelog, version) {
  const lines = changelog.split(/\r?\n/);
  const isHeading = (/** @type {string} */ line) => line.startsWith('## ');
  const start = lines.findIndex((line) => isHeading(line) && versionOf(line) === version);
  if (start < 0) {
    return null;
  }
  const rest = lines.slice(start + 1);
  const end = rest.findIndex((line) => isHeading(line) || /^\[[^\]]+\]: /.test(line));
  const text = unwrapped(end < 0 ? rest : rest.slice(0, end)).trim();
  return text === '' ? null : text;
}

/** `## [1.2.0] - 2026-10-24` -> `1.2.0`. @param {string} heading */
function versionOf(heading) {
  return /^## \[?v?([^\]\s]+)/.exec(heading)?.[1] ?? '';
}

/** Lines that were broken for the eye of who writes are one again: a window has a width of its own. @param {string[]} lines */
function unwrapped(lines) {
  return lines
    .join('\n')
    .replace(/([^\n])\n[ \t]+(?![-*+] |\d+\. )(?=\S)/g, '$1 ')
    .replace(/\n{3,}/g, '\n\n');
}
