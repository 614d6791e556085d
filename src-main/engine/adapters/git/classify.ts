/** @file What git's words mean, as a member of the closed set of errors; pure. Must not know which command failed. */
import { GitError, parseError } from 'dugite';
import { type ErrorCode, EpicstarError } from '../../domain/errors.ts';
import { oneLine } from './text.ts';

/** What `upload-pack` says last when it cannot read an object that it should have, or does not have one that it lists. */
const damagedServer = /^remote: .*possible repository corruption on the remote side|upload-pack: not our ref/m;

interface Row {
  readonly code: ErrorCode;
  readonly pattern: RegExp;
}

/**
 * The first row that matches decides. Rows are matched against git's own lines; what the server said (`remote: …`) is
 * cut out before, since a server's full disk is not ours.
 */
const noSpace = /No space left on device|Disk quota exceeded|Out of diskspace|not enough space on the disk/i;

const rows: readonly Row[] = [
  { code: 'disk-full', pattern: noSpace },
  { code: 'git-missing', pattern: /^git: '[^']+' is not a git command|unable to find remote helper for/m },

  // A damaged cache. Damage in a pack that is just arriving (`pack has bad object`) belongs to the connection, below.
  { code: 'git-corrupt', pattern: /(?:object file .+ is empty|loose object .+ is corrupt|unable to unpack .+ header)/ },
  { code: 'git-corrupt', pattern: /packfile .+ (?:cannot be accessed|does not match index|is too small|is not a)/ },
  {
    code: 'git-corrupt',
    pattern: /packed object .+ is corrupt|bad packed object|index file .+ is (?:too small|corrupt)/,
  },
  {
    code: 'git-corrupt',
    pattern: /bad object [0-9a-f]{40}|(?:missing|unable to read) (?:blob|tree|commit|tag|sha1 file)/,
  },
  {
    code: 'git-corrupt',
    pattern: /Could not read [0-9a-f]{40}|unable to read [0-9a-f]{40}|Failed to traverse parents/,
  },
  {
    code: 'git-corrupt',
    pattern: /did not send all necessary objects|unable to resolve reference .+: reference broken/,
  },
  { code: 'git-corrupt', pattern: /not a git repository|unexpected line in .*packed-refs|bad config (?:line|file)/ },
  {
    code: 'git-corrupt',
    pattern: /missing object [0-9a-f]{40}|missing necessary objects|[0-9a-f]{40} does not exist|invalid sha1 pointer/,
  },
  {
    code: 'git-corrupt',
    pattern: /src refspec [0-9a-f]{40}\S* does not match any|Not a valid (?:commit|object) name [0-9a-f]{40}/,
  },

  {
    code: 'proxy-unusable',
    pattern: /Could not resolve proxy|CONNECT tunnel failed|from proxy after CONNECT|Proxy CONNECT aborted/i,
  },
  { code: 'proxy-unusable', pattern: /returned error: 407\b/ },
  { code: 'git-auth-refused', pattern: /returned error: 40[13]\b|Authentication failed for|HTTP Basic: Access denied/ },
  {
    code: 'git-auth-refused',
    pattern: /could not read (?:Username|Password) for .+(?:terminal prompts disabled|No such device)/,
  },

  // 3xx: redirects are not followed, since a name that leads elsewhere is no longer this repository's.
  { code: 'git-not-found', pattern: /returned error: (?:3\d\d|404|410|451)\b|repository '.*' not found/ },
  { code: 'git-not-found', pattern: /does not appear to be a git repository|repository '.*' does not exist/ },

  { code: 'git-stalled', pattern: /Operation too slow/ },
  { code: 'git-network', pattern: /returned error: (?:408|429|5\d\d)\b|RPC failed|pack has bad object/ },
  {
    code: 'git-network',
    pattern:
      /Could not resolve (?:host|proxy)|Failed to connect|Couldn't connect|Connection (?:reset|refused|timed out)/i,
  },
  {
    code: 'git-network',
    pattern: /early EOF|hung up unexpectedly|unexpected disconnect|Empty reply from server|transfer closed/,
  },
  {
    code: 'git-network',
    pattern: /expected flush after|expected 'packfile'|bad line length|invalid server response|protocol error/,
  },
  {
    code: 'git-network',
    pattern: /SSL|TLS|schannel|certificate|Operation timed out|Recv failure|Send failure/i,
  },
  {
    code: 'git-network',
    pattern: /unable to access 'https?:|remote failed to report status|error in the HTTP2 framing layer/i,
  },
];

/** What dugite knows beyond the rows. */
const known: ReadonlyMap<GitError, ErrorCode> = new Map([
  [GitError.HTTPSAuthenticationFailed, 'git-auth-refused'],
  [GitError.HTTPSRepositoryNotFound, 'git-not-found'],
  [GitError.SSHRepositoryNotFound, 'git-not-found'],
  [GitError.RemoteDisconnection, 'git-network'],
  [GitError.HostDown, 'git-network'],
  [GitError.NotAGitRepository, 'git-corrupt'],
  [GitError.BadRevision, 'git-corrupt'],
]);

const serverLine = /^remote: .*$/gm;

function codeOf(ownWords: string): ErrorCode {
  const row = rows.find(({ pattern }) => pattern.test(ownWords));
  if (row !== undefined) return row.code;
  const error = parseError(ownWords);
  return (error === null ? undefined : known.get(error)) ?? 'git-failed';
}

/** The line that names the cause: git ends with it, but follows it with advice and with errors that it led to. */
function tellingLine(text: string): string {
  const lines = text.split('\n');
  const fatal = lines.find((line) =>
    /^(?:fatal|error): (?!failed to push some refs|the remote end hung up)/.test(line),
  );
  return fatal ?? lines.find((line) => /^(?:fatal|error): /.test(line)) ?? lines.findLast((line) => line !== '') ?? '';
}

/**
 * @param stderr redacted text of git, in English
 * @param exitCode null where a signal ended it
 */
export function classifyFailure(stderr: string, exitCode: number | null): EpicstarError {
  if (damagedServer.test(stderr)) {
    return new EpicstarError('git-remote-damaged', '', { data: { output: stderr } });
  }
  const ownWords = stderr.replace(serverLine, '').trim();
  const code = codeOf(ownWords);
  const status = /returned error: (\d{3})\b/.exec(ownWords)?.[1];
  const words = oneLine(tellingLine(ownWords === '' ? stderr : ownWords));
  const ended = exitCode === null ? 'It was ended by a signal.' : `It ended with code ${exitCode}.`;
  return new EpicstarError(code, words === '' ? ended : words, {
    data: { ...(status === undefined ? {} : { status: Number(status) }), ...(stderr === '' ? {} : { output: stderr }) },
  });
}

/** The line in which the server that is pushed to says that its disk is full; null: it does not. */
export function fullServerLine(stderr: string): string | null {
  const line = (stderr.match(serverLine) ?? []).find((words) => noSpace.test(words));
  return line === undefined ? null : oneLine(line.replace(/^remote: /, ''));
}

/** What the file system said, at the edge of the cache folder. */
export function classifyFsError(error: unknown): EpicstarError {
  if (error instanceof EpicstarError) return error;
  const errno = error instanceof Error && 'code' in error ? String(error.code) : '';
  const code: ErrorCode = errno === 'ENOSPC' || errno === 'EDQUOT' ? 'disk-full' : 'git-failed';
  const words = error instanceof Error ? oneLine(error.message) : '';
  return new EpicstarError(code, words, { cause: error });
}
