/** @file The request handler: asks for a decision, runs git, streams both ways, applies faults, reports; must not know any forge. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type CgiProcess, startCgi } from './cgi-process.ts';
import { delayWhileConnected, type ShapedResult, writeShaped } from './shaped-writer.ts';
import type { GitHttpFaults, GitHttpGrant, GitHttpOptions, GitHttpRecord, GitHttpRefusal } from './types.ts';

const ENDPOINT = /\/(?:info\/refs|git-upload-pack|git-receive-pack)$/;

interface Target {
  readonly pathname: string;
  readonly query: string;
  readonly pathInfo: string | null;
  readonly service: GitHttpRecord['service'];
}

function parseTarget(request: IncomingMessage): Target {
  const raw = request.url ?? '/';
  const mark = raw.indexOf('?');
  const pathname = mark < 0 ? raw : raw.slice(0, mark);
  const query = mark < 0 ? '' : raw.slice(mark + 1);
  const pathInfo = ENDPOINT.exec(pathname)?.[0] ?? null;
  const name = pathInfo === '/info/refs' ? new URLSearchParams(query).get('service') : (pathInfo?.slice(1) ?? null);
  const service = name === 'git-upload-pack' || name === 'git-receive-pack' ? name : null;
  return { pathname, query, pathInfo, service };
}

function refusalFor(target: Target, grant: GitHttpGrant): GitHttpRefusal | null {
  if (grant.faults?.answer !== undefined) return grant.faults.answer;
  if (target.pathInfo === null) return { status: 404, body: 'Not Found' };
  // The old "dumb" protocol is not offered by the forges that this server stands in for.
  if (target.service === null) return { status: 403, body: 'Please upgrade your git client.\n' };
  if (target.service === 'git-receive-pack' && !grant.allowPush) return { status: 403, body: 'Push is not allowed.\n' };
  return null;
}

/** Writes a finished answer; also useful to callers that answer beside git. */
export async function sendRefusal(response: ServerResponse, refusal: GitHttpRefusal): Promise<ShapedResult> {
  const body = Buffer.from(refusal.body ?? '');
  response.statusCode = refusal.status;
  response.setHeader('content-type', 'text/plain; charset=utf-8');
  response.setHeader('content-length', body.length);
  for (const [name, value] of Object.entries(refusal.headers ?? {})) response.setHeader(name, value);
  return await writeShaped([body], response);
}

/** Feeds the request to git. Stops quietly when git no longer listens: then git's own answer tells why. */
function feed(
  request: IncomingMessage,
  cgi: CgiProcess,
  faults: GitHttpFaults,
  onBytes: (count: number) => void,
): void {
  let bytes = 0;
  const limit = faults.cutAfterRequestBytes ?? Infinity;
  cgi.stdin.on('error', () => request.resume());
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    onBytes(bytes);
    if (bytes >= limit) request.socket.destroy();
    else if (!cgi.stdin.destroyed && !cgi.stdin.write(chunk)) {
      request.pause();
      cgi.stdin.once('drain', () => request.resume());
    }
  });
  request.on('end', () => cgi.stdin.end());
}

/**
 * A handler for `node:http`. Resolves when the exchange is over, whichever side ended it; git and its children are gone then.
 * Serves protocol versions 0, 1 and 2; compressed request bodies are understood.
 */
export function createGitHttpHandler(
  options: GitHttpOptions,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  async function serve(
    target: Target,
    grant: GitHttpGrant,
    request: IncomingMessage,
    response: ServerResponse,
    onBytes: (count: number) => void,
  ): Promise<ShapedResult> {
    const faults = grant.faults ?? {};
    const gone: ShapedResult = { bytes: 0, complete: false };
    if (faults.delayMs !== undefined && !(await delayWhileConnected(response, faults.delayMs))) return gone;
    const refusal = refusalFor(target, grant);
    if (refusal !== null) return await sendRefusal(response, refusal);
    const cgi = startCgi(
      {
        gitPath: options.gitPath ?? 'git',
        repoDir: grant.repoDir,
        pathInfo: target.pathInfo ?? '',
        query: target.query,
        allowPush: grant.allowPush,
        env: grant.env ?? {},
      },
      request,
    );
    // After a complete answer git is left to end by itself: it may still be tidying up.
    response.once('close', () => {
      if (!response.writableFinished) cgi.kill();
    });
    if (response.destroyed) cgi.kill();
    feed(request, cgi, faults, onBytes);
    const head = await cgi.readHead();
    if (response.destroyed) return gone;
    if (head === null) {
      cgi.kill();
      return await sendRefusal(response, { status: 500, body: `git failed: ${cgi.stderrText()}\n` });
    }
    response.statusCode = head.status;
    for (const [name, value] of head.headers) response.setHeader(name, value);
    return await writeShaped(head.body, response, {
      ...(faults.bytesPerSecond === undefined ? {} : { bytesPerSecond: faults.bytesPerSecond }),
      ...(faults.cutAfterResponseBytes === undefined ? {} : { cutAfterBytes: faults.cutAfterResponseBytes }),
    });
  }

  return async (request, response) => {
    const startedAt = performance.now();
    const target = parseTarget(request);
    let bytesIn = 0;
    let result: ShapedResult;
    try {
      const decision = await options.resolve(target.pathname, request);
      result =
        'status' in decision
          ? await sendRefusal(response, decision)
          : await serve(target, decision, request, response, (count) => {
              bytesIn = count;
            });
    } catch (error) {
      result = response.headersSent
        ? { bytes: 0, complete: false }
        : await sendRefusal(response, { status: 500, body: `${String(error)}\n` });
      if (!result.complete) response.destroy();
    }
    options.onRequest?.(
      {
        method: request.method ?? 'GET',
        pathname: target.pathname,
        query: target.query,
        service: target.service,
        status: response.headersSent ? response.statusCode : 0,
        bytesIn,
        bytesOut: result.bytes,
        durationMs: performance.now() - startedAt,
        complete: result.complete,
      },
      request,
    );
  };
}
