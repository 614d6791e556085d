/**
 * @file One HTTP exchange with OneDev: credentials, time and size limits, redirects. Knows nothing of what the answers
 * mean, beyond success of the exchange itself.
 */
import { type Dispatcher, fetch, type RequestInit, type Response } from 'undici';
import { EpicstarError, epicstarErrorIn } from '../../domain/errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Redactor } from '../../ports/log.ts';
import { isSecure } from './address.ts';
import type { Credentials } from './credentials.ts';
import { isBrokenConnection, quoteText, unreachable } from './failures.ts';

export interface HttpOptions {
  readonly address: string;
  readonly allowInsecureHosts: readonly string[];
  readonly credentials: Credentials;
  readonly clock: Clock;
  readonly dispatcher: Dispatcher | null;
  readonly redactor: Redactor | null;
  /** Longest time of a whole exchange. */
  readonly requestTimeoutMs: number;
}

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Begins with a slash, below the address, percent-encoded where needed. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** False: without credentials. */
  readonly signedIn: boolean;
}

export interface HttpReply {
  readonly status: number;
  readonly text: string;
}

/** Lists of 100 projects with the longest descriptions stay far below. */
const maxBodyBytes = 10 * 1024 * 1024;

export class OnedevHttp {
  readonly #options: HttpOptions;
  #requests = 0;

  constructor(options: HttpOptions) {
    this.#options = options;
  }

  get address(): string {
    return this.#options.address;
  }

  /** Requests sent so far, repeated ones too. */
  get requests(): number {
    return this.#requests;
  }

  /**
   * Value of the Authorization header.
   *
   * @throws EpicstarError `insecure-address`, or `target-signed-out` where there are no usable credentials
   */
  async authorization(): Promise<string> {
    this.#assertSecure();
    return await this.#options.credentials.authorization();
  }

  /**
   * Resolves for every status but redirects. A read is sent a second time where the connection turns out to be closed.
   *
   * @throws EpicstarError `target-unavailable`, `target-unexpected`, `target-signed-out` (no credentials),
   * `insecure-address`, `cancelled`, or what the dispatcher says of the way there
   */
  async exchange(request: HttpRequest, signal: AbortSignal): Promise<HttpReply> {
    try {
      return await this.#exchangeOnce(request, signal);
    } catch (error) {
      const isRepeatable =
        request.method === 'GET' && error instanceof EpicstarError && isBrokenConnection(error.cause);
      if (!isRepeatable || signal.aborted) throw error;
      return await this.#exchangeOnce(request, signal);
    }
  }

  async #exchangeOnce(request: HttpRequest, signal: AbortSignal): Promise<HttpReply> {
    this.#assertSecure();
    if (signal.aborted) throw new EpicstarError('cancelled', '', { cause: signal.reason });
    const { address, clock, dispatcher, redactor, requestTimeoutMs } = this.#options;
    const authorization = request.signedIn ? await this.authorization() : null;
    const tooLong = new AbortController();
    const stopTimer = clock.setTimer(requestTimeoutMs, () => tooLong.abort());
    this.#requests += 1;
    try {
      const init: RequestInit = {
        method: request.method,
        headers: {
          Accept: 'application/json, text/plain;q=0.9, */*;q=0.1',
          'User-Agent': 'epicstar',
          ...(authorization === null ? {} : { Authorization: authorization }),
          ...(request.body === undefined ? {} : { 'Content-Type': 'application/json' }),
        },
        ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
        ...(dispatcher === null ? {} : { dispatcher }),
        redirect: 'manual',
        signal: AbortSignal.any([signal, tooLong.signal]),
      };
      const response = await fetch(`${address}${request.path}${queryText(request.query)}`, init);
      if (response.status >= 300 && response.status < 400) {
        await response.body?.cancel();
        throw redirected(address, response);
      }
      const text = await readText(response, address);
      // Texts end up in errors; a server may repeat what it was sent, in whatever form.
      const harmless = authorization === null ? text : withoutSecret(text, authorization);
      return { status: response.status, text: redactor === null ? harmless : redactor.redact(harmless) };
    } catch (error) {
      if (signal.aborted) throw new EpicstarError('cancelled', '', { cause: error });
      const own = epicstarErrorIn(error);
      if (own !== null) throw own;
      if (tooLong.signal.aborted) {
        const detail = `${new URL(address).host}: no whole answer within ${Math.round(requestTimeoutMs / 1000)} s.`;
        throw new EpicstarError('target-unavailable', detail, { cause: error });
      }
      throw unreachable(error, address);
    } finally {
      stopTimer();
    }
  }

  #assertSecure(): void {
    const { address, allowInsecureHosts } = this.#options;
    if (isSecure(address, allowInsecureHosts)) return;
    throw new EpicstarError('insecure-address', `The address is ${address}.`);
  }
}

function withoutSecret(text: string, authorization: string): string {
  return text.replaceAll(authorization.slice(authorization.indexOf(' ') + 1), '***');
}

function queryText(query: Readonly<Record<string, string>> | undefined): string {
  if (query === undefined) return '';
  const parts = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return `?${parts.join('&')}`;
}

function redirected(address: string, response: Response): EpicstarError {
  const location = response.headers.get('location') ?? '';
  const goal = URL.canParse(location, address) ? new URL(location, address).origin : quoteText(location);
  return new EpicstarError(
    'target-unexpected',
    `${new URL(address).host} redirects to ${goal}; if that is the server, enter that address.`,
    { data: { status: response.status } },
  );
}

async function readText(response: Response, address: string): Promise<string> {
  const body: AsyncIterable<Uint8Array> | null = response.body;
  if (body === null) return '';
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.byteLength;
    // Leaving the loop cancels the body and with it the connection.
    if (bytes > maxBodyBytes) {
      const detail = `${new URL(address).host} sends an answer of more than ${maxBodyBytes / 1024 / 1024} MB.`;
      throw new EpicstarError('target-unexpected', detail, { data: { status: response.status } });
    }
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}
