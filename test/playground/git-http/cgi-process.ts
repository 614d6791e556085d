/** @file Runs `git http-backend` as a CGI program in a process group of its own; must not know who asks or why. */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { IncomingMessage } from 'node:http';
import type { Readable, Writable } from 'node:stream';

export interface CgiHead {
  readonly status: number;
  readonly headers: ReadonlyArray<readonly [name: string, value: string]>;
  readonly body: AsyncIterable<Buffer>;
}

export interface CgiProcess {
  readonly stdin: Writable;
  /** The parsed head, or `null` when git ended without one; `stderrText()` then says why. */
  readHead(): Promise<CgiHead | null>;
  stderrText(): string;
  /** Ends git and everything it started. Safe to call at any time. */
  kill(): void;
}

export interface CgiRequest {
  readonly gitPath: string;
  readonly repoDir: string;
  /** The part below the repository, for example `/info/refs`. */
  readonly pathInfo: string;
  readonly query: string;
  readonly allowPush: boolean;
  readonly env: Readonly<Record<string, string>>;
}

const MAX_HEAD_BYTES = 64 * 1024;
const MAX_STDERR_CHARS = 16 * 1024;

function header(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
}

/** Nothing of our own environment is passed on but the search path, so a user's git settings cannot change a test. */
export function cgiEnvironment(cgi: CgiRequest, request: IncomingMessage): Record<string, string> {
  const env: Record<string, string> = {
    PATH: process.env['PATH'] ?? '/usr/bin:/bin',
    LC_ALL: 'C',
    HOME: cgi.repoDir,
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: 'safe.directory',
    GIT_CONFIG_VALUE_0: '*',
    GIT_HTTP_EXPORT_ALL: '1',
    GIT_PROJECT_ROOT: cgi.repoDir,
    GATEWAY_INTERFACE: 'CGI/1.1',
    SERVER_PROTOCOL: `HTTP/${request.httpVersion}`,
    REQUEST_METHOD: request.method ?? 'GET',
    PATH_INFO: cgi.pathInfo,
    QUERY_STRING: cgi.query,
    REMOTE_ADDR: request.socket.remoteAddress ?? '127.0.0.1',
  };
  // http-backend lets a named user push, and nobody else, unless the repository's own config says otherwise.
  if (cgi.allowPush) env['REMOTE_USER'] = 'playground';
  const passedOn = {
    CONTENT_TYPE: header(request, 'content-type'),
    CONTENT_LENGTH: header(request, 'content-length'),
    HTTP_CONTENT_ENCODING: header(request, 'content-encoding'),
    GIT_PROTOCOL: header(request, 'git-protocol'),
  };
  for (const [name, value] of Object.entries(passedOn)) if (value !== undefined) env[name] = value;
  return { ...env, ...cgi.env };
}

function parseHead(text: string): Pick<CgiHead, 'status' | 'headers'> {
  let status = 200;
  const headers: Array<readonly [string, string]> = [];
  for (const line of text.split(/\r?\n/)) {
    const colon = line.indexOf(':');
    if (colon < 1) continue;
    const name = line.slice(0, colon);
    const value = line.slice(colon + 1).trim();
    if (name.toLowerCase() === 'status') status = Number.parseInt(value, 10) || 500;
    else headers.push([name, value]);
  }
  return { status, headers };
}

async function* bodyOf(first: Buffer, iterator: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  if (first.length > 0) yield first;
  for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) yield next.value;
}

async function readHead(stdout: Readable): Promise<CgiHead | null> {
  const iterator: AsyncIterator<Buffer> = stdout[Symbol.asyncIterator]();
  let seen = Buffer.alloc(0);
  for (;;) {
    const end = /\r?\n\r?\n/.exec(seen.toString('latin1'));
    if (end !== null) {
      const rest = seen.subarray(end.index + end[0].length);
      return { ...parseHead(seen.toString('latin1', 0, end.index)), body: bodyOf(rest, iterator) };
    }
    // Looked through first: one chunk may hold the head and as much of the body as a buffer takes.
    if (seen.length >= MAX_HEAD_BYTES) return null;
    const next = await iterator.next();
    if (next.done === true) return null;
    seen = Buffer.concat([seen, next.value]);
  }
}

function killGroup(child: ChildProcessByStdio<Writable, Readable, Readable>): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === 'win32') child.kill('SIGKILL');
    else process.kill(-child.pid, 'SIGKILL');
  } catch (error) {
    // The whole group may have ended by itself between the check and the signal.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Starts git for one request. The caller feeds `stdin`, reads the head and body, and calls `kill` when the client leaves. */
export function startCgi(cgi: CgiRequest, request: IncomingMessage): CgiProcess {
  const child = spawn(cgi.gitPath, ['http-backend'], {
    cwd: cgi.repoDir,
    env: cgiEnvironment(cgi, request),
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
    shell: false,
  });
  let stderr = '';
  let ended = false;
  child.stderr.setEncoding('utf8');
  child.stderr.on('data', (text: string) => {
    if (stderr.length < MAX_STDERR_CHARS) stderr += text;
  });
  child.on('error', (error) => {
    stderr += error.message;
    ended = true;
  });
  child.on('close', () => {
    ended = true;
  });
  return {
    stdin: child.stdin,
    readHead: () => readHead(child.stdout),
    stderrText: () => stderr,
    kill: () => {
      if (!ended) killGroup(child);
    },
  };
}
