/**
 * @file The stated rules by which an answer of the stand-in equals a recorded one. Everything else is compared as is.
 *
 * 1. The server's own address is that of the recording.
 * 2. Dates, object ids (whole and short), tokens and places in a JSON text may differ.
 * 3. The order of validation messages is free, as on the real server.
 * 4. A page of HTML counts as the same page; `…` and `<html page>` stand for any body.
 * 5. A body cut in the recording is compared up to the cut.
 * 6. What git says as a hint, and the agent and session in its capabilities, belong to git's version.
 */

export interface Outcome {
  readonly status: number;
  readonly contentType: string | undefined;
  readonly authenticate: string | undefined;
  readonly body: string;
}

const recordedHost = '127.0.0.1:6610';

function common(text: string, host: string): string {
  return text
    .replaceAll(host, recordedHost)
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+\+00:00/g, '<date>')
    .replace(/\b[0-9a-f]{40}\b/g, '<id>')
    .replace(/\b[0-9a-f]{7}(\.{2,3})[0-9a-f]{7}\b/g, '<id>$1<id>');
}

/** Both sides go through this, with the host each of them used. */
export function normaliseBody(body: string, host: string): string {
  const text = common(body, host)
    .replace(/"value" : "[^"]*"/g, '"value" : "<redacted>"')
    .replace(/Bearer [^"\s]+/g, 'Bearer <redacted>')
    .replace(/line: 1, column: \d+/g, '<place>')
    .replace(/agent=git\/\S+?(?=\n|0000|$| )/g, 'agent=git')
    .replace(/ session-id=\S+/g, '')
    .replace(/\n000000[0-9a-f]{2}/g, '\n0000<length>');
  if (/^\s*<(!doctype )?html/i.test(text)) {
    return '<html page>';
  }
  return /^(create|update)Project\.arg/.test(text) ? text.split(', ').toSorted().join(', ') : text;
}

/** `expected` cut to what both can be compared on, and `actual` likewise. */
export function alignCut(expected: string, actual: string): readonly [expected: string, actual: string] {
  const cut = /^(.*)… \[\d+ more characters\]$/s.exec(expected);
  if (cut !== null) {
    // A date or an id may stand at the cut.
    const start = (cut[1] ?? '').replace(/"[^"]*$/, '');
    return [start, actual.slice(0, start.length)];
  }
  if (expected.trim() === '<html page>') {
    return ['<html page>', actual];
  }
  return expected === '…' ? ['', ''] : [expected, actual];
}

export function normaliseGit(text: string, host: string): string {
  return common(text, host)
    .split('\n')
    .filter((line) => !line.startsWith('hint: '))
    .map((line) => line.replace(/ port \d+ after \d+ ms: .*$/, ''))
    .join('\n');
}
