/**
 * @file fetch as octokit is given it: bounded in time and bytes, without redirects, and with failures that trying
 * again at once cannot mend already put into words. Knows no endpoint and no token.
 */
import { type Dispatcher, fetch } from 'undici';
import { EpicstarError, epicstarErrorIn } from '../../domain/errors.ts';
import type { Clock } from '../../ports/clock.ts';
import { cancelled } from './serial-queue.ts';
import { describeNetworkError, isTimeout } from './network-errors.ts';

export interface LimitedFetchOptions {
  readonly dispatcher: Dispatcher;
  readonly clock: Clock;
  /** For one request as a whole, body included. */
  readonly timeoutMs: number;
  /** For one body, after decompression. */
  readonly maxBodyBytes: number;
  /** Called right before each request goes out. */
  readonly onSend: () => void;
}

interface FetchInit {
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body?: string | undefined;
  readonly signal?: AbortSignal | null;
}

/**
 * The returned function rejects with EpicstarError `cancelled` (signal), `github-unavailable` (too slow),
 * `github-unexpected` (too large) or what the dispatcher says of the way there; all other rejections are undici's and
 * may be tried again.
 */
export function createLimitedFetch(options: LimitedFetchOptions): (url: string, init: FetchInit) => Promise<Response> {
  return async (url, init) => {
    const caller = init.signal ?? new AbortController().signal;
    if (caller.aborted) throw cancelled(caller);
    const deadline = new AbortController();
    const stopTimer = options.clock.setTimer(options.timeoutMs, () => deadline.abort());
    try {
      options.onSend();
      const response = await fetch(url, {
        method: init.method,
        headers: init.headers,
        ...(init.body === undefined ? {} : { body: init.body }),
        redirect: 'manual',
        signal: AbortSignal.any([caller, deadline.signal]),
        dispatcher: options.dispatcher,
      });
      const body = await readBody(response.body, options.maxBodyBytes);
      return toResponse(response.status, [...response.headers], body);
    } catch (error) {
      if (error instanceof EpicstarError) throw error;
      if (caller.aborted) throw cancelled(caller);
      const own = epicstarErrorIn(error);
      if (own !== null) throw own;
      if (deadline.signal.aborted) {
        throw new EpicstarError('github-unavailable', `It took longer than ${options.timeoutMs / 1000} s.`);
      }
      if (isTimeout(error)) {
        throw new EpicstarError('github-unavailable', describeNetworkError(error, new URL(url).host), { cause: error });
      }
      throw error;
    } finally {
      stopTimer();
    }
  };
}

/** Rejects as soon as one byte too many has come, and drops the connection. */
async function readBody(body: AsyncIterable<unknown> | null, maxBytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    if (!(chunk instanceof Uint8Array)) throw new TypeError('a body gave something else than bytes');
    size += chunk.byteLength;
    if (size > maxBytes) {
      throw new EpicstarError('github-unexpected', `The answer is larger than ${Math.floor(maxBytes / 1e6)} MB.`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function toResponse(status: number, headers: [string, string][], body: Buffer): Response {
  if (status < 200 || status > 599) {
    throw new EpicstarError('github-unexpected', `It answered with the status ${status}.`, { data: { status } });
  }
  const hasBody = status !== 204 && status !== 205 && status !== 304;
  return new Response(hasBody ? new Uint8Array(body) : null, { status, headers });
}
