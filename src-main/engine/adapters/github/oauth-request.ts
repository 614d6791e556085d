/**
 * @file octokit's request for GitHub's sign-in addresses, with a say in when and how often it really goes out. Knows no
 * endpoint; what an answer means is for its callers.
 */
import { Octokit } from '@octokit/rest';
import type { Dispatcher } from 'undici';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { GithubAddresses } from './addresses.ts';
import type { Answer } from './answer.ts';
import { createLimitedFetch } from './limited-fetch.ts';
import { readAnswer } from './octokit-answer.ts';

/** Answers are a few hundred bytes; pages of a network in between may be longer. */
const maxBodyBytes = 1_000_000;

export interface OauthRequestOptions {
  readonly addresses: GithubAddresses;
  /** Of epicstar, for the user agent. */
  readonly version: string;
  readonly dispatcher: Dispatcher;
  readonly clock: Clock;
  readonly log: Log;
  /** For one request as a whole. */
  readonly requestTimeoutMs: number;
}

/**
 * Rejects with EpicstarError `cancelled` (signal), `github-unavailable` where no answer came, and `github-unexpected`
 * where it cannot be read; resolves for every status.
 */
export type Send = (signal: AbortSignal) => Promise<Answer>;

/** A request as octokit hands it to its hook. */
interface Asked {
  readonly method: 'POST';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly request: Readonly<Record<string, unknown>>;
}

/**
 * octokit's own derivation of the sign-in host is passed over: it knows no address of this computer, and only newer
 * versions know GHE.com. Redirects are not followed.
 *
 * @param answer makes the answer that the caller of `request` gets: by `send`, once or more often, or without
 */
export function createOauthRequest(
  options: OauthRequestOptions,
  answer: (path: string, send: Send) => Promise<Answer>,
): Octokit['request'] {
  const { addresses, clock, log } = options;
  const ignore = (): void => undefined;
  const silence = { debug: ignore, info: ignore, warn: ignore, error: ignore };
  const octokit = new Octokit({
    baseUrl: addresses.webUrl,
    // octokit would write whole requests, codes included.
    log: silence,
    request: {
      log: silence,
      fetch: createLimitedFetch({
        dispatcher: options.dispatcher,
        clock,
        timeoutMs: options.requestTimeoutMs,
        maxBodyBytes,
        onSend: ignore,
      }),
    },
  });
  const hook = async (request: Octokit['request'], asked: Asked) => {
    const path = asked.url;
    const headers = { ...asked.headers, 'user-agent': `epicstar/${options.version}` };
    const ask = async (signal: AbortSignal): Promise<Omit<Answer, 'path'>> =>
      await request({ ...asked, baseUrl: addresses.webUrl, headers, request: { ...asked.request, signal } });
    const send: Send = async (signal) => {
      const startedMs = clock.monotonicMs();
      const durationMs = (): number => Math.round(clock.monotonicMs() - startedMs);
      try {
        const answered = await readAnswer(path, addresses.host, async () => await ask(signal));
        log.debug('asked GitHub to sign in', { path, status: answered.status, durationMs: durationMs() });
        return answered;
      } catch (error) {
        log.debug('GitHub could not be asked to sign in', { path, error, durationMs: durationMs() });
        throw error;
      }
    };
    const { status, data } = await answer(path, send);
    // octokit counts the lifetime of tokens from this, and GitHub's clock is not ours.
    const dated = { date: new Date(clock.now()).toUTCString() };
    return { url: `${addresses.webUrl}${path}`, status, headers: dated, data };
  };
  // Not octokit.hook.wrap: with another wrap inside, as octokit has one, what is changed here would not arrive.
  return octokit.request.defaults({ request: { hook } });
}
