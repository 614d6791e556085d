/**
 * @file What the statuses and texts of OneDev's REST answers mean, and waiting while the server starts. Knows no
 * project.
 *
 * [Note: starting] For some ten seconds of its start OneDev answers 404 to everything, in words that are not its own,
 * and before that it refuses connections; `/readyz` is 503 all the time. So a 404 is believed only in OneDev's own
 * words and while `/readyz` is 200.
 */
import { EpicstarError } from '../../domain/errors.ts';
import { type Clock, sleep } from '../../ports/clock.ts';
import { quoteText } from './failures.ts';
import type { HttpRequest, OnedevHttp } from './http.ts';

export type ApiRequest = Omit<HttpRequest, 'signedIn'>;

/** An answer of a server that is ready and accepts the token. `text` is as it came. */
export type ApiReply =
  | { readonly kind: 'ok'; readonly status: number; readonly text: string }
  | { readonly kind: 'missing'; readonly status: number; readonly text: string }
  | { readonly kind: 'forbidden'; readonly status: number; readonly text: string }
  /** Also what other servers call a conflict: OneDev answers 500 to it, with a text. */
  | { readonly kind: 'refused'; readonly status: number; readonly text: string };

export interface StartupPatience {
  /** How long one call waits for a starting server before it rejects. */
  readonly patienceMs: number;
  readonly pollMs: number;
}

const ownMissingWords =
  /^(?:Project not found or inaccessible: |No row with the given identifier exists: |Branch not found: )/;

type FailureCode = 'target-signed-out' | 'target-unavailable' | 'target-unexpected' | 'target-disk-full';

/** What Java and the databases say of a full disk, in a text that is otherwise that of any failure. */
const noSpace = /No space left on device|Disk quota exceeded|not enough space on the disk|could not extend file/i;

export class OnedevApi {
  readonly #http: OnedevHttp;
  readonly #clock: Clock;
  readonly #startup: StartupPatience;

  constructor(http: OnedevHttp, clock: Clock, startup: StartupPatience) {
    this.#http = http;
    this.#clock = clock;
    this.#startup = startup;
  }

  get http(): OnedevHttp {
    return this.#http;
  }

  /**
   * @throws EpicstarError `target-starting` where the server is not ready in time, `target-signed-out`,
   * `target-unavailable`, `target-unexpected`, `insecure-address` or `cancelled`
   */
  async call(request: ApiRequest, signal: AbortSignal): Promise<ApiReply> {
    const deadline = this.#clock.monotonicMs() + this.#startup.patienceMs;
    let isSecondLook = false;
    for (;;) {
      const { status, text } = await this.#http.exchange({ ...request, signedIn: true }, signal);
      if (status >= 200 && status < 300) return { kind: 'ok', status, text };
      if (status === 403) return { kind: 'forbidden', status, text };
      if (status >= 500 && noSpace.test(text)) throw this.#failure('target-disk-full', status, text);
      if (status === 400 || status === 406 || status === 500) return { kind: 'refused', status, text };
      if (status === 401) throw this.#failure('target-signed-out', status, text);
      if (status === 429 || status === 502 || status === 504) throw this.#failure('target-unavailable', status, text);
      if (status !== 404 && status !== 503) throw this.#failure('target-unexpected', status, text);
      const isReady = await this.isReady(signal);
      if (isReady && status === 404 && ownMissingWords.test(text)) return { kind: 'missing', status, text };
      // It may have become ready between both answers: one more look tells.
      if (isReady && isSecondLook) {
        throw this.#failure(status === 503 ? 'target-unavailable' : 'target-unexpected', status, text);
      }
      isSecondLook = isReady;
      if (!isReady) await this.#waitUntilReady(deadline, signal);
    }
  }

  /** @throws EpicstarError `target-starting` where it takes too long, or `cancelled` */
  async untilReady(signal: AbortSignal): Promise<void> {
    await this.#waitUntilReady(this.#clock.monotonicMs() + this.#startup.patienceMs, signal);
  }

  /** Whether `/readyz` is 200. Anything else, also no answer at all, counts as not ready. */
  async isReady(signal: AbortSignal): Promise<boolean> {
    try {
      const { status } = await this.#http.exchange({ method: 'GET', path: '/readyz', signedIn: false }, signal);
      return status === 200;
    } catch (error) {
      if (error instanceof EpicstarError && error.code === 'target-unavailable') return false;
      throw error;
    }
  }

  async #waitUntilReady(deadline: number, signal: AbortSignal): Promise<void> {
    do {
      if (this.#clock.monotonicMs() + this.#startup.pollMs > deadline) {
        throw new EpicstarError('target-starting', `${new URL(this.#http.address).host} is not ready yet.`);
      }
      try {
        await sleep(this.#clock, this.#startup.pollMs, signal);
      } catch (error) {
        throw new EpicstarError('cancelled', '', { cause: error });
      }
    } while (!(await this.isReady(signal)));
  }

  #failure(code: FailureCode, status: number, text: string) {
    return new EpicstarError(code, `It answered ${status} ${quoteText(text)}.`, { data: { status } });
  }
}

/**
 * The error for an answer that the caller has no use for.
 *
 * @param right what is missing if it is 403, in OneDev's terms
 */
export function unwanted(reply: ApiReply, doing: string, right: string): EpicstarError {
  const data = { status: reply.status };
  const said = `It answered ${reply.status} ${quoteText(reply.text)} to ${doing}.`;
  if (reply.kind === 'forbidden') {
    return new EpicstarError('target-right-missing', `Needed: ${right}. ${said}`, { data: { ...data, right } });
  }
  return new EpicstarError('target-unexpected', said, { data });
}
