/**
 * @file The `GithubSignIn` port: GitHub's device flow by octokit's helper for it, and the refresh of tokens. Keeps no
 * secret.
 *
 * [Note: octokit] The helper asks for a code, tells it, and exchanges it for a token. It polls at once and by timers of
 * its own, forgets a longer interval, ends with the first network error and never by time, and cannot be cancelled. So
 * it is given a `request` that does all of that before it answers: the helper sees one exchange, and that succeeds.
 */
import { createOAuthDeviceAuth } from '@octokit/auth-oauth-device';
import type { Dispatcher } from 'undici';
import { EpicstarError } from '../../domain/errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log, Redactor } from '../../ports/log.ts';
import type {
  DeviceFlowEnd,
  DeviceFlowRequest,
  GithubGrant,
  GithubSignIn,
  PendingDeviceFlow,
} from '../../ports/sign-in.ts';
import { type GithubAddresses, githubAddresses } from './addresses.ts';
import { DevicePolling, FlowEnded } from './device-polling.ts';
import { type AnswerContext, hideSecrets, readRefusal, readTokenReply } from './oauth-answers.ts';
import { createOauthRequest, type OauthRequestOptions } from './oauth-request.ts';
import { cancelled } from './serial-queue.ts';

export interface GithubSignInOptions {
  /** Carries all requests: trusted authorities and timeouts are set there. Its owner closes it. */
  readonly dispatcher: Dispatcher;
  readonly clock: Clock;
  readonly log: Log;
  /** Learns every code and token as soon as it comes. */
  readonly redactor: Redactor;
  /** Of epicstar, for the user agent. */
  readonly version: string;
  /** Hosts (`host` or `host:port`) that may be reached by plain http besides this computer. */
  readonly allowInsecureHosts: readonly string[];
  /** For one request as a whole; default 30 s. */
  readonly requestTimeoutMs?: number;
}

type RefreshRequest = Parameters<GithubSignIn['refresh']>[0];

/** Sends nothing yet. */
export function createGithubSignIn(options: GithubSignInOptions): GithubSignIn {
  return {
    runDeviceFlow: async (request) => await runDeviceFlow(options, request),
    refresh: async (request) => await refresh(options, request),
  };
}

async function runDeviceFlow(options: GithubSignInOptions, request: DeviceFlowRequest): Promise<DeviceFlowEnd> {
  const { clock, allowInsecureHosts } = options;
  const { signal } = request;
  const addresses = githubAddresses(request.apiUrl, allowInsecureHosts);
  const context = contextOf(options, addresses, request.clientId);
  if (signal.aborted) throw cancelled(signal);
  const resume = isSameFlow(request.resume, addresses, context.clientId, allowInsecureHosts) ? request.resume : null;
  const polling = new DevicePolling({ clock, context, apiUrl: request.apiUrl, resume, signal });
  const shared = {
    clientId: context.clientId,
    onVerification: () => request.onCode(polling.pending()),
    request: createOauthRequest(oauthOptions(options, addresses), async (path, send) =>
      path === '/login/device/code' ? await polling.askForCode(send) : await polling.askForToken(send),
    ),
  };
  try {
    if (isGithubApp(context.clientId)) {
      const app = await createOAuthDeviceAuth({ ...shared, clientType: 'github-app' })({ type: 'oauth' });
      const ends = 'expiresAt' in app ? app : null;
      return {
        kind: 'granted',
        grant: {
          token: app.token,
          scopes: null,
          expiresAt: ends === null ? null : Date.parse(ends.expiresAt),
          refreshToken: ends?.refreshToken ?? null,
          refreshExpiresAt: ends === null ? null : Date.parse(ends.refreshTokenExpiresAt),
        },
      };
    }
    const scopes = [...request.scopes];
    const { token, scopes: granted } = await createOAuthDeviceAuth({ ...shared, scopes })({ type: 'oauth' });
    const endless = { expiresAt: null, refreshToken: null, refreshExpiresAt: null };
    return { kind: 'granted', grant: { token, scopes: granted, ...endless } };
  } catch (error) {
    if (error instanceof FlowEnded) return { kind: error.kind };
    throw error;
  } finally {
    polling.close();
  }
}

/** Sent once: where the answer is lost, nobody knows whether the token was used up. */
async function refresh(options: GithubSignInOptions, request: RefreshRequest): Promise<GithubGrant> {
  const { clock, redactor, allowInsecureHosts } = options;
  const { signal, refreshToken } = request;
  const addresses = githubAddresses(request.apiUrl, allowInsecureHosts);
  const context = contextOf(options, addresses, request.clientId);
  if (signal.aborted) throw cancelled(signal);
  redactor.add(refreshToken);
  const ask = createOauthRequest(oauthOptions(options, addresses), async (_path, send) => {
    const answer = await send(signal);
    hideSecrets(answer, redactor);
    const refusal = readRefusal(answer, context);
    if (refusal === null) return answer;
    throw 'error' in refusal ? refusal.error : deadRefreshToken();
  });
  // octokit's own function for this wants the secret of the app, which tokens of the device flow do without.
  const answer: { readonly data: unknown } = await ask('POST /login/oauth/access_token', {
    headers: { accept: 'application/json' },
    client_id: context.clientId,
    grant_type: 'refresh_token',
    refresh_token: refreshToken,
  });
  const reply = readTokenReply({ path: '/login/oauth/access_token', status: 200, headers: {}, data: answer.data });
  const after = (seconds: number | undefined) => (seconds === undefined ? null : clock.now() + seconds * 1000);
  return {
    token: reply.access_token,
    scopes: null,
    expiresAt: after(reply.expires_in),
    refreshToken: reply.refresh_token ?? null,
    refreshExpiresAt: after(reply.refresh_token_expires_in),
  };
}

function deadRefreshToken(): EpicstarError {
  return new EpicstarError('github-signed-out', 'The refresh token is not accepted any more.');
}

/** The ids of GitHub Apps begin with `Iv`; those of OAuth apps with `Ov`, older ones are 20 hex digits. */
function isGithubApp(clientId: string): boolean {
  return clientId.startsWith('Iv');
}

function contextOf(options: GithubSignInOptions, addresses: GithubAddresses, clientIdText: string): AnswerContext {
  const clientId = clientIdText.trim();
  if (clientId === '') {
    const detail = 'There is no client id to sign in with. Set EPICSTAR_GITHUB_CLIENT_ID, or use a token.';
    throw new EpicstarError('config-invalid', detail);
  }
  const { clock, redactor } = options;
  return { host: addresses.host, webUrl: addresses.webUrl, clientId, clock, redactor };
}

function isSameFlow(
  pending: PendingDeviceFlow | null,
  addresses: GithubAddresses,
  clientId: string,
  allowInsecureHosts: readonly string[],
): boolean {
  if (pending === null || pending.clientId !== clientId) return false;
  try {
    return githubAddresses(pending.apiUrl, allowInsecureHosts).webUrl === addresses.webUrl;
  } catch (error) {
    // A kept flow of an address that is none any more belongs to other settings.
    if (error instanceof EpicstarError) return false;
    throw error;
  }
}

function oauthOptions(options: GithubSignInOptions, addresses: GithubAddresses): OauthRequestOptions {
  const { dispatcher, clock, log, version, requestTimeoutMs = 30_000 } = options;
  return { addresses, dispatcher, clock, log, version, requestTimeoutMs };
}
