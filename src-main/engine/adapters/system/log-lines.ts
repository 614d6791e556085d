/**
 * @file The form of a log line. Whatever a text holds, a line stays one line and moves no cursor: control characters,
 * line separators and marks that turn the direction of writing are escaped.
 */

/** Controls, invisible characters (among them those that turn the direction), line and paragraph separators. */
const hostile = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

function escapeHostile(text: string): string {
  return text.replace(hostile, (found) => (found === '\n' ? '\\n' : found.split('').map(escapeUnit).join('')));
}

/** @param line one JSON object; hostile characters can stand in its strings alone, where the escape is JSON too */
export function jsonLine(line: string): string {
  return `${escapeHostile(line.trimEnd())}\n`;
}

/** Values with a space or another unusual character are quoted, so that the end of each can be seen. */
function textValue(value: unknown): string {
  if (typeof value === 'string' && /^[\w./:@+-]+$/.test(value)) return value;
  return JSON.stringify(value) ?? 'undefined';
}

/** `2026-11-24T08:00:00.000Z INFO  message key=value`, from one JSON object. */
export function textLine(line: string): string {
  const parsed: unknown = JSON.parse(line);
  if (typeof parsed !== 'object' || parsed === null) return jsonLine(line);
  const { time, level, msg, ...fields } = parsed as Readonly<Record<string, unknown>>;
  const rest = Object.entries(fields).map(([key, value]) => ` ${key}=${textValue(value)}`);
  const head = `${String(time)} ${String(level).toUpperCase().padEnd(5)} ${String(msg)}`;
  return `${escapeHostile(head + rest.join(''))}\n`;
}
