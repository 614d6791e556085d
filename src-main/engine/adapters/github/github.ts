/**
 * @file The `Github` port over GitHub's REST API, and GraphQL for Lists (github.com, GitHub Enterprise Server, GHE.com):
 * which endpoints are asked and what their answers mean. How requests travel is the transport's matter.
 */
import type { Dispatcher } from 'undici';
import { EpicstarError } from '../../domain/errors.ts';
import { type GithubId, isFullName } from '../../domain/repository.ts';
import type { Clock } from '../../ports/clock.ts';
import type { GitRemote } from '../../ports/git.ts';
import type {
  Github,
  RateState,
  RepositoryLookup,
  StarHead,
  StarList,
  StarOrder,
  StarPage,
  Viewer,
} from '../../ports/github.ts';
import type { Log, Redactor } from '../../ports/log.ts';
import type { Secrets } from '../../ports/secrets.ts';
import { defaultApiUrl, type GithubAddresses, githubAddresses } from './addresses.ts';
import { type Answer, blockOf, headerOf } from './answer.ts';
import { EtagCache } from './etag-cache.ts';
import { failureOf, saysNotFound, splitScopes, unexpectedContent } from './failures.ts';
import { readPageLinks } from './links.ts';
import { readRate, readRepository, readViewer } from './parse.ts';
import { readStarList, type StarList as StarItems } from './star-list.ts';
import { describeValue } from './texts.ts';
import { hasScopes, readToken } from './token.ts';
import { type Asked, type GraphqlAsk, Transport } from './transport.ts';
import { readUserLists } from './user-lists.ts';

const jsonType = 'application/vnd.github+json';
const starType = 'application/vnd.github.star+json';
const starRight = 'starring=read';
const starWriteRight = 'starring=write, or the scope public_repo';
const pageSize = 100;
const highestPage = 10_000;
const keptAnswers = 32;

export interface GithubOptions {
  /** As `githubAddresses` understands it; default `https://api.github.com`. */
  readonly apiUrl?: string;
  /** Hosts (`host` or `host:port`) that may be reached by plain http besides this computer. */
  readonly allowInsecureHosts?: readonly string[];
  /** Of epicstar, for the user agent. */
  readonly version: string;
  /** Carries all requests: trusted authorities, timeouts and keep-alive are set there. Its owner closes it. */
  readonly dispatcher: Dispatcher;
  readonly secrets: Secrets;
  readonly redactor: Redactor;
  readonly clock: Clock;
  readonly log: Log;
  /** For one request as a whole; default 60 s. */
  readonly requestTimeoutMs?: number;
}

/** Throws EpicstarError `config-invalid` or `insecure-address` for an address that cannot be used. */
export function createGithub(options: GithubOptions): Github {
  const addresses = githubAddresses(options.apiUrl ?? defaultApiUrl, options.allowInsecureHosts);
  return new RestGithub(addresses, options);
}

class RestGithub implements Github {
  readonly host: string;
  readonly #webUrl: string;
  readonly #secrets: Secrets;
  readonly #redactor: Redactor;
  readonly #transport: Transport;
  readonly #log: Log;
  readonly #pages = new EtagCache<StarItems>(keptAnswers);
  /** A run asks again after it has fetched; what did not change since costs nothing of the hour's requests. */
  readonly #repositories = new EtagCache<RepositoryLookup>(keptAnswers);

  constructor(addresses: GithubAddresses, options: GithubOptions) {
    this.host = addresses.host;
    this.#webUrl = addresses.webUrl;
    this.#secrets = options.secrets;
    this.#redactor = options.redactor;
    this.#log = options.log;
    this.#transport = new Transport({
      apiUrl: addresses.apiUrl,
      version: options.version,
      dispatcher: options.dispatcher,
      secrets: options.secrets,
      redactor: options.redactor,
      clock: options.clock,
      log: options.log,
      requestTimeoutMs: options.requestTimeoutMs ?? 60_000,
    });
  }

  requestCount(): number {
    return this.#transport.requestCount();
  }

  async viewer(signal: AbortSignal): Promise<Viewer> {
    return await this.#get('/user', signal, (answer, token) => {
      if (answer.status !== 200) throw this.#failure(answer);
      const parsed = readViewer(answer.data);
      if (!parsed.ok) throw unexpectedContent(answer, 'a user', parsed.problem);
      const scopes = headerOf(answer, 'x-oauth-scopes');
      return { ...parsed.value, scopes: scopes !== null && hasScopes(token) ? splitScopes(scopes) : null };
    });
  }

  async rate(signal: AbortSignal): Promise<RateState | null> {
    const seen = this.#transport.rates.lastSeen();
    if (seen !== null) return seen;
    return await this.#get('/rate_limit', signal, (answer) => {
      // A GitHub Enterprise Server without limits answers 404.
      if (answer.status === 404) return null;
      if (answer.status !== 200) throw this.#failure(answer);
      const parsed = readRate(answer.data);
      if (!parsed.ok) throw unexpectedContent(answer, 'rate limits', parsed.problem);
      return parsed.value;
    });
  }

  /**
   * GitHub tells the number of stars only as the number of the last page, so pages of one are asked for. A newest
   * star that cannot be read is null, with the total still told.
   */
  async starHead(signal: AbortSignal): Promise<StarHead> {
    const path = '/user/starred?sort=created&direction=desc&per_page=1&page=1';
    const { value: list, link } = await this.#stars(path, 1, true, signal);
    const { next, last } = readPageLinks(link, 1, list.itemCount === 0);
    if (next !== null && last === null) {
      throw new EpicstarError('github-unexpected', 'It tells that there are more stars, but not how many.');
    }
    return { newest: list.stars[0] ?? null, total: last ?? list.itemCount };
  }

  async starPage(order: StarOrder, page: number, signal: AbortSignal): Promise<StarPage> {
    if (!Number.isSafeInteger(page) || page < 1) {
      throw new EpicstarError('internal', `There is no page ${page} of stars.`);
    }
    if (page > highestPage) {
      throw new EpicstarError('github-unexpected', `The list of stars has no end after ${highestPage} pages.`);
    }
    const path = `/user/starred?sort=${order}&direction=desc&per_page=${pageSize}&page=${page}`;
    const { value: list, link } = await this.#stars(path, pageSize, page === 1, signal);
    const { next, last } = readPageLinks(link, page, list.itemCount === 0);
    return { stars: list.stars, unreadable: list.unreadable, hasNext: next !== null, lastPage: last };
  }

  async lists(signal: AbortSignal): Promise<readonly StarList[] | null> {
    return await readUserLists({
      ask: async <T>(ask: GraphqlAsk<T>) => await this.#transport.askGraphql(ask, signal),
      redact: (text) => this.#redactor.redact(text),
      log: this.#log,
    });
  }

  async repositoryById(githubId: GithubId, signal: AbortSignal): Promise<RepositoryLookup> {
    if (!Number.isSafeInteger(githubId) || githubId < 1) {
      throw new EpicstarError('internal', `${githubId} is no id of a repository.`);
    }
    const read = (answer: Answer): RepositoryLookup => {
      const block = blockOf(answer);
      if (block !== null) return { kind: 'blocked', ...block };
      if (saysNotFound(answer)) return { kind: 'gone' };
      if (answer.status !== 200) throw this.#failure(answer);
      const parsed = readRepository(answer.data);
      if (!parsed.ok) throw unexpectedContent(answer, 'a repository', parsed.problem);
      if (parsed.value.githubId !== githubId) {
        throw unexpectedContent(answer, `the repository ${githubId}`, `the repository ${parsed.value.githubId}`);
      }
      return { kind: 'found', repository: parsed.value };
    };
    const ask = { path: `/repositories/${githubId}`, accept: jsonType, cache: this.#repositories, read };
    return (await this.#transport.ask<RepositoryLookup>(ask, signal)).value;
  }

  async isStarred(fullName: string, signal: AbortSignal): Promise<boolean> {
    assertFullName(fullName);
    return await this.#get(`/user/starred/${fullName}`, signal, (answer) => {
      if (answer.status === 204) return true;
      if (saysNotFound(answer)) return false;
      throw this.#failure(answer, starRight);
    });
  }

  async star(fullName: string, signal: AbortSignal): Promise<void> {
    assertFullName(fullName);
    await this.#transport.ask<null>(
      {
        method: 'PUT',
        path: `/user/starred/${fullName}`,
        accept: jsonType,
        read: (answer) => {
          if (answer.status === 204) return null;
          throw this.#failure(answer, starWriteRight);
        },
      },
      signal,
    );
  }

  async remote(fullName: string): Promise<GitRemote> {
    assertFullName(fullName);
    const url = `${this.#webUrl}/${fullName}.git`;
    const token = await readToken(this.#secrets);
    if (token === null) return { url, transport: 'http', authorization: null };
    const encoded = Buffer.from(`x-access-token:${token}`).toString('base64');
    this.#redactor.add(encoded);
    return { url, transport: 'http', authorization: `Basic ${encoded}` };
  }

  async #stars(path: string, perPage: number, isKept: boolean, signal: AbortSignal): Promise<Asked<StarItems>> {
    return await this.#transport.ask<StarItems>(
      {
        path,
        accept: starType,
        ...(isKept ? { cache: this.#pages } : {}),
        isFull: (list) => list.itemCount >= perPage,
        read: (answer) => {
          if (answer.status !== 200) throw this.#failure(answer, starRight);
          return readStarList(answer, perPage);
        },
      },
      signal,
    );
  }

  async #get<T>(path: string, signal: AbortSignal, read: (answer: Answer, token: string) => T): Promise<T> {
    const asked = await this.#transport.ask<T>({ path, accept: jsonType, read }, signal);
    return asked.value;
  }

  #failure(answer: Answer, rights: string | null = null): EpicstarError {
    return failureOf(answer, rights, (text) => this.#redactor.redact(text));
  }
}

/** Names end up in addresses. */
function assertFullName(fullName: string): void {
  if (isFullName(fullName)) return;
  throw new EpicstarError('github-unexpected', `This is no repository's name: ${describeValue(fullName)}.`);
}
