/** @file Why an update did not come, from the errors of the updater, of Chromium's network and of Node. Pure. */

export type UpdateProblem =
  | 'not-reached'
  | 'proxy'
  | 'certificate'
  /** The server is there and answers with an error. */
  | 'server'
  /** There is no list of versions for this channel. */
  | 'channel-missing'
  /** The list names a file that is not there. */
  | 'file-missing'
  | 'unreadable'
  | 'wrong-checksum'
  | 'wrong-signature'
  | 'disk-full'
  | 'not-writable'
  | 'unknown';

/** The first that fits. Codes come before what is said, the narrow before the wide. */
const rules: readonly (readonly [RegExp, UpdateProblem])[] = [
  [/ERR_UPDATER_CHANNEL_FILE_NOT_FOUND/, 'channel-missing'],
  [/ERR_UPDATER_INVALID_SIGNATURE|code signature|not signed/i, 'wrong-signature'],
  [/ERR_CHECKSUM_MISMATCH/, 'wrong-checksum'],
  [/ERR_UPDATER_/, 'unreadable'],
  [/ENOSPC/, 'disk-full'],
  [/EACCES|EPERM|EROFS|read-only volume/, 'not-writable'],
  [/HTTP_ERROR_407|\bstatus 407\b|ERR_PROXY|ERR_TUNNEL|ERR_MANDATORY_PROXY|ERR_SOCKS/, 'proxy'],
  [/ERR_CERT|ERR_SSL|CERT_|SELF_SIGNED|UNABLE_TO_(GET|VERIFY)/, 'certificate'],
  [/HTTP_ERROR_(404|410)|\bstatus (404|410)\b/, 'file-missing'],
  [/HTTP_ERROR_\d|\bstatus \d{3}\b/, 'server'],
  [
    /net::ERR_|ENOTFOUND|EAI_AGAIN|ECONN|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|EPIPE|timed out|aborted|socket hang up/i,
    'not-reached',
  ],
];

export function updateProblemOf(error: unknown): UpdateProblem {
  const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined;
  // The code decides alone where there is one that is known: messages carry texts of the server.
  const byCode = typeof code === 'string' ? match(code) : undefined;
  if (byCode !== undefined) return byCode;
  // The updater trips over lists of versions whose fields are not of their kind.
  if (error instanceof TypeError) return 'unreadable';
  return match(error instanceof Error ? error.message.slice(0, 1_000) : '') ?? 'unknown';
}

function match(text: string): UpdateProblem | undefined {
  return rules.find(([rule]) => rule.test(text))?.[1];
}
