/**
 * @file The one way to GitHub's REST and GraphQL APIs: one request at a time, with the token of this moment, limits
 * remembered, unchanged answers kept. Knows no endpoint; what an answer means is for its callers.
 */
import { createHash } from 'node:crypto';
import { Octokit } from '@octokit/rest';
import { retry } from '@octokit/plugin-retry';
import { throttling } from '@octokit/plugin-throttling';
import type { Dispatcher } from 'undici';
import { EpicstarError } from '../../domain/errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log, Redactor } from '../../ports/log.ts';
import type { Secrets } from '../../ports/secrets.ts';
import { graphqlBaseOf } from './addresses.ts';
import { type Answer, headerOf, saysRateLimited } from './answer.ts';
import type { EtagCache } from './etag-cache.ts';
import { failureOf } from './failures.ts';
import { createLimitedFetch } from './limited-fetch.ts';
import { readAnswer } from './octokit-answer.ts';
import { RateMemory } from './rate-memory.ts';
import { createSerialQueue } from './serial-queue.ts';
import { oneLine } from './texts.ts';
import { readToken } from './token.ts';

const apiVersion = '2022-11-28';
const maxBodyBytes = 10_000_000;
/** A pause that GitHub asks for and that is no longer than this is slept here; longer ones are for the caller. */
const longestSilentPauseSeconds = 10;
const quickRetries = 2;
/** First and second retry after 0.1 s and 0.4 s: the plugin multiplies this by 1 and 4. */
const retryBaseMs = 100;
const clientErrors = Array.from({ length: 100 }, (_, index) => 400 + index);

export interface TransportOptions {
  readonly apiUrl: string;
  readonly version: string;
  readonly dispatcher: Dispatcher;
  readonly secrets: Secrets;
  readonly redactor: Redactor;
  readonly clock: Clock;
  readonly log: Log;
  readonly requestTimeoutMs: number;
}

export interface Ask<T> {
  /** Left out: GET. PUT is sent again where no answer came, so it must do the same twice. */
  readonly method?: 'PUT';
  /** Path and query below the REST base. */
  readonly path: string;
  readonly accept: string;
  /** Where the answer to the same question is kept, so that GitHub need not send it again. */
  readonly cache?: EtagCache<T>;
  /** Whether the answer takes up its whole page, so that more may follow. */
  readonly isFull?: (value: T) => boolean;
  /** Makes something of the answer to a token, or throws an EpicstarError. Not called for answers that are kept. */
  readonly read: (answer: Answer, token: string) => T;
}

export interface GraphqlAsk<T> {
  /** Changes nothing, since it is sent again where no answer came. */
  readonly query: string;
  readonly variables: Readonly<Record<string, string | null>>;
  /** Makes something of the answer, or throws an EpicstarError. */
  readonly read: (answer: Answer) => T;
}

/** One request as it is sent. */
interface Question {
  readonly path: string;
  readonly accept: string;
  readonly etag: string | null;
  /** Null for REST. */
  readonly graphql: Pick<GraphqlAsk<unknown>, 'query' | 'variables'> | null;
  readonly method?: 'PUT';
}

export interface Asked<T> {
  readonly value: T;
  readonly link: string | null;
}

export class Transport {
  readonly rates: RateMemory;
  /** GraphQL has an hourly limit of its own. */
  readonly #graphqlRates: RateMemory;
  readonly #options: TransportOptions;
  readonly #inTurn = createSerialQueue();
  readonly #octokit: Octokit;
  /** Without the throttling plugin, which takes every GraphQL query for a write and lets one go each second. */
  readonly #graphqlOctokit: Octokit;
  #requestCount = 0;
  #tokenHash = '';
  #leavesOutLinks = false;

  constructor(options: TransportOptions) {
    this.#options = options;
    this.rates = new RateMemory(options.clock);
    this.#graphqlRates = new RateMemory(options.clock, 'graphql');
    this.#octokit = this.#createOctokit(Octokit.plugin(throwOwnErrors, throttling, retry));
    this.#graphqlOctokit = this.#createOctokit(Octokit.plugin(throwOwnErrors, retry));
  }

  requestCount(): number {
    return this.#requestCount;
  }

  /** Rejects with an EpicstarError of a `github-*` code, or `cancelled` at once when the signal aborts. */
  async ask<T>(ask: Ask<T>, signal: AbortSignal): Promise<Asked<T>> {
    return await this.#inTurn(signal, async () => await this.#ask(ask, signal));
  }

  /** As {@link ask}, by a GraphQL query. Nothing is kept of the answer. */
  async askGraphql<T>({ query, variables, read }: GraphqlAsk<T>, signal: AbortSignal): Promise<T> {
    return await this.#inTurn(signal, async () => {
      const token = await this.#token();
      const question = { path: '/graphql', accept: 'application/json', etag: null, graphql: { query, variables } };
      const answer = await this.#send(question, token, signal);
      if (isRedirect(answer)) throw this.#redirected(answer, 'redirects');
      return read(answer);
    });
  }

  async #ask<T>(ask: Ask<T>, signal: AbortSignal): Promise<Asked<T>> {
    const token = await this.#token();
    const key = `${ask.accept} ${this.#tokenHash} ${ask.path}`;
    const kept = ask.cache?.get(key) ?? null;
    const answer = await this.#sendFollowing(ask, token, kept?.etag ?? null, signal);
    const link = headerOf(answer, 'link');
    if (answer.status === 304) {
      if (kept === null) throw failureOf(answer, null, this.#redact);
      // The tag stands for the body alone: where pages may follow, a 304 without links leaves open how many do now.
      if (link !== null || !mayGoOn(kept, ask)) return { value: kept.value, link };
      this.#leavesOutLinks = true;
      ask.cache?.delete(key);
      return await this.#ask(ask, signal);
    }
    const value = ask.read(answer, token);
    const etag = headerOf(answer, 'etag');
    if (etag !== null && etag.length <= 500 && !(this.#leavesOutLinks && mayGoOn({ value, link }, ask))) {
      ask.cache?.set(key, { etag, value, link });
    }
    return { value, link };
  }

  async #sendFollowing(
    ask: Pick<Ask<unknown>, 'path' | 'accept' | 'method'>,
    token: string,
    etag: string | null,
    signal: AbortSignal,
  ): Promise<Answer> {
    const { path, accept, method } = ask;
    const question = { path, accept, etag, graphql: null, ...(method === undefined ? {} : { method }) };
    const answer = await this.#send(question, token, signal);
    if (!isRedirect(answer)) return answer;
    const again = await this.#send({ ...question, path: this.#redirectedPath(answer) }, token, signal);
    if (isRedirect(again)) throw this.#redirected(again, 'redirects a second time');
    return again;
  }

  async #send(question: Question, token: string, signal: AbortSignal): Promise<Answer> {
    const { path, accept, etag, graphql } = question;
    const refusal = this.rates.refusal() ?? (graphql === null ? null : this.#graphqlRates.refusal());
    if (refusal !== null) throw refusal;
    const startedMs = this.#options.clock.monotonicMs();
    const headers = {
      accept,
      authorization: `Bearer ${token}`,
      'user-agent': `epicstar/${this.#options.version}`,
      'x-github-api-version': apiVersion,
      ...(etag === null ? {} : { 'if-none-match': etag }),
    };
    const answer = await this.#exchange(question, headers, signal);
    const durationMs = Math.round(this.#options.clock.monotonicMs() - startedMs);
    this.#options.log.debug('asked GitHub', { path, status: answer.status, durationMs });
    const limited = graphql === null ? this.rates.note(answer) : this.#noteGraphqlLimits(answer);
    if (limited !== null) throw limited;
    if (answer.status === 401 || answer.status >= 500) throw failureOf(answer, null, this.#redact);
    return answer;
  }

  /** A limit of pace holds for everything that is sent to GitHub, the hourly one for GraphQL alone. */
  #noteGraphqlLimits(answer: Answer): EpicstarError | null {
    const isHourly = headerOf(answer, 'x-ratelimit-remaining') === '0' || saysRateLimited(answer);
    return isHourly ? this.#graphqlRates.note(answer) : this.rates.note(answer);
  }

  async #exchange(
    { path, graphql, method }: Question,
    headers: Record<string, string>,
    signal: AbortSignal,
  ): Promise<Answer> {
    const { apiUrl } = this.#options;
    return await readAnswer(path, new URL(apiUrl).host, async () => {
      const shared = { url: path, headers, request: { signal } };
      const answer: Omit<Answer, 'path'> =
        graphql === null
          ? await this.#octokit.request({ ...shared, method: method ?? 'GET' })
          : await this.#graphqlOctokit.request({
              ...shared,
              ...graphql,
              method: 'POST',
              baseUrl: graphqlBaseOf(apiUrl),
            });
      return answer;
    });
  }

  /** A renamed repository's old address leads to `/repositories/ID`; nothing else is followed, and no other host. */
  #redirectedPath(answer: Answer): string {
    const base = new URL(this.#options.apiUrl);
    const basePath = base.pathname.replace(/\/$/, '');
    const location = headerOf(answer, 'location') ?? '';
    const from = `${this.#options.apiUrl}${answer.path}`;
    if (location === '' || !URL.canParse(location, from)) throw this.#redirected(answer, 'redirects to no address');
    const target = new URL(location, from);
    if (target.origin !== base.origin) {
      throw this.#redirected(answer, `redirects to another host, ${oneLine(target.origin, 100)}`);
    }
    const path = target.pathname.startsWith(basePath) ? target.pathname.slice(basePath.length) : '';
    if (!/^\/repositories\/\d+(\/|$)/.test(path)) {
      throw this.#redirected(answer, `redirects to ${oneLine(target.pathname, 100)}`);
    }
    return `${path}${target.search}`;
  }

  #redirected(answer: Answer, what: string): EpicstarError {
    const detail = `For ${answer.path} it ${what}, which is not followed.`;
    return new EpicstarError('github-unexpected', detail, { data: { status: answer.status } });
  }

  /** The token of this moment, whose limits hold from now on. */
  async #token(): Promise<string> {
    const token = await readToken(this.#options.secrets);
    if (token === null) throw new EpicstarError('github-signed-out', 'There is no token.');
    const hash = createHash('sha256').update(token).digest('hex');
    if (hash !== this.#tokenHash) for (const rates of [this.rates, this.#graphqlRates]) rates.forget();
    this.#tokenHash = hash;
    return token;
  }

  readonly #redact = (text: string): string => this.#options.redactor.redact(text);

  #createOctokit(OctokitWithLimits: typeof Octokit): Octokit {
    const { apiUrl, dispatcher, clock, requestTimeoutMs, log } = this.#options;
    const ignore = (): void => undefined;
    const warn = (message: string): void => log.debug('GitHub announces a change', { message });
    return new OctokitWithLimits({
      baseUrl: apiUrl,
      // octokit would write whole requests, tokens included.
      log: { debug: ignore, info: ignore, warn: ignore, error: ignore },
      request: {
        log: { debug: ignore, info: ignore, warn, error: ignore },
        fetch: createLimitedFetch({
          dispatcher,
          clock,
          timeoutMs: requestTimeoutMs,
          maxBodyBytes,
          onSend: () => {
            this.#requestCount += 1;
          },
        }),
      },
      throttle: {
        id: apiUrl,
        onRateLimit: () => false,
        onSecondaryRateLimit: (retryAfterSeconds, _options, _octokit, retryCount) =>
          retryCount === 0 && retryAfterSeconds <= longestSilentPauseSeconds,
      },
      retry: { doNotRetry: clientErrors, retries: quickRetries, retryAfterBaseValue: retryBaseMs },
    });
  }
}

/** Whether more may follow behind an answer, now or later without a change to it. */
function mayGoOn<T>({ value, link }: Asked<T>, ask: Ask<T>): boolean {
  return link !== null || ask.isFull?.(value) === true;
}

function isRedirect(answer: Answer): boolean {
  return answer.status >= 300 && answer.status < 400 && answer.status !== 304;
}

/**
 * octokit wraps what fetch throws into an error that the retry plugin takes for a passing one. Placed innermost, this
 * lets our own errors, which are final, out as they are.
 */
function throwOwnErrors(octokit: Pick<Octokit, 'hook'>): Record<string, never> {
  octokit.hook.error('request', (error) => {
    throw error.cause instanceof EpicstarError ? error.cause : error;
  });
  return {};
}
