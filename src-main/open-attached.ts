/** @file An engine elsewhere, for the desktop: its address checked, its certificate too, the token from the secrets. */
import { networkInterfaces } from 'node:os';
import { type Dispatcher, fetch, request, WebSocket } from 'undici';
import type { SocketLike } from '../src-preload/contract/socket-transport.ts';
import { createEnvSecrets } from './engine/adapters/system/env-secrets.ts';
import { createAgent } from './engine/adapters/system/http-agent.ts';
import { createNetwork } from './engine/adapters/system/network.ts';
import { directToLoopback, proxiesOfEnvironment } from './engine/adapters/system/proxies.ts';
import { loadSettings } from './engine/adapters/system/settings.ts';
import { isSecure } from './engine/adapters/onedev/address.ts';
import { EpicstarError } from './engine/domain/errors.ts';
import type { Clock } from './engine/ports/clock.ts';
import type { Log, Redactor } from './engine/ports/log.ts';
import type { ProxyFor } from './engine/ports/proxies.ts';
import { fitsHeader } from './shell/attach-token.ts';
import { createClosedLink } from './shell/link.ts';
import type { OpenedBundle } from './shell/bundle-answer.ts';
import type { OpenedEngine } from './shell/opened-engine.ts';
import { hostsOf } from './shell/page-hosts.ts';
import type { Preferences } from './shell/preferences.ts';
import { createRemoteLink } from './shell/remote-link.ts';
import { createSafeSecrets } from './shell/safe-secrets.ts';
import type { VaultElectron } from './shell/vault.ts';

export interface AttachedOptions {
  readonly dataDir: string;
  /** With the variables of secrets. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly electron: VaultElectron;
  readonly preferences: Pick<Preferences, 'get' | 'set'>;
  /** The system's proxies; those that the environment names go before. */
  readonly proxyFor: ProxyFor;
  readonly clock: Clock;
  readonly redactor: Redactor;
  readonly log: Log;
}

const askLimitMs = 10_000;

/**
 * Begins to connect at once and goes on by itself. Where that cannot even begin, for want of a token or because of the
 * address, what is opened says why, so that the person has a window to set it right in.
 *
 * @param address as `parseAttachAddress` gives it
 */
export async function openAttached(options: AttachedOptions, address: string): Promise<OpenedEngine> {
  const { dataDir, env, electron, preferences, redactor, log } = options;
  const secrets = createSafeSecrets({
    electron,
    platform: process.platform,
    dataDir,
    outside: createEnvSecrets({ env, dataDir, redactor, platform: process.platform }),
    redactor,
    log,
    isPlainAllowed: preferences.get('isPlainAllowed'),
    keepPlainAllowed: () => preferences.set('isPlainAllowed', true),
  });
  try {
    await checkAttachAddress(options, address);
    // One that is stored was given for the address that stands beside it, and goes to no other.
    const isMeant = (await secrets.isFixed('attach-token')) || preferences.get('attachAddress') === address;
    const token = isMeant ? await secrets.read('attach-token') : null;
    if (token !== null && !fitsHeader(token)) {
      throw new EpicstarError('config-invalid', 'The token holds a character that no header can carry.');
    }
    if (token === null) {
      const isNamedOutside = (env['EPICSTAR_ATTACH_URL'] ?? '') !== '';
      const ways = `${isNamedOutside ? '' : 'enter it under Engine in the settings of this program, or '}set`;
      throw new EpicstarError(
        'config-invalid',
        `There is no token for the engine at ${address}: ${ways} EPICSTAR_ATTACH_TOKEN.`,
      );
    }
    return { ...(await openEngine(options, address, token)), secrets, failure: null };
  } catch (error) {
    if (!(error instanceof EpicstarError)) throw error;
    log.warn('the engine elsewhere cannot be reached', { address, error });
    return {
      link: createClosedLink(),
      secrets,
      failure: `${error.message} ${error.toRecord().nextStep}`,
      hosts: () => ['https://github.com'],
      openBundle: () => Promise.resolve(null),
      setQuiet: () => undefined,
      woke: () => undefined,
      close: () => Promise.resolve(),
    };
  }
}

/** fetch says only that it failed; why stands in the cause, such as a certificate, a name or a proxy. */
function reasonOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  return thrown.cause instanceof Error ? reasonOf(thrown.cause) : thrown.message;
}

/** Rejects with an EpicstarError `insecure-address` for plain http to another computer that was not allowed. */
export async function checkAttachAddress(
  { env, dataDir }: Pick<AttachedOptions, 'env' | 'dataDir'>,
  address: string,
): Promise<void> {
  const { settings } = await loadSettings({ flags: {}, env, dataDir });
  if (!isSecure(address, settings.allowInsecureHosts)) {
    throw new EpicstarError('insecure-address', `The engine's address is ${address}.`);
  }
}

async function openEngine(
  { dataDir, env, proxyFor, clock, log }: AttachedOptions,
  address: string,
  token: string,
): Promise<Omit<OpenedEngine, 'secrets' | 'failure'>> {
  const { settings } = await loadSettings({ flags: {}, env, dataDir });
  const dispatcher = createAgent({
    caFile: settings.caFile,
    proxyFor: directToLoopback(proxiesOfEnvironment(env) ?? proxyFor),
  });
  const headers = { authorization: `Bearer ${token}` };
  let lastReason = '';
  const link = createRemoteLink({
    address,
    host: {
      openSocket: (url): SocketLike => new WebSocket(url, { headers, dispatcher }),
      ask: async (url) => {
        try {
          const signal = AbortSignal.timeout(askLimitMs);
          const answer = await fetch(url, { headers, dispatcher, redirect: 'error', signal });
          await answer.body?.cancel();
          lastReason = '';
          return answer.status;
        } catch (error) {
          // It is asked again and again: each reason is told once.
          const reason = reasonOf(error);
          if (reason !== lastReason) log.warn('the engine elsewhere does not answer', { address, reason });
          lastReason = reason;
          throw error;
        }
      },
    },
    setTimer: (delayMs, fire) => clock.setTimer(delayMs, fire),
    random: Math.random,
  });
  const stopNetwork = createNetwork({ clock, interfaces: networkInterfaces }).onChange(() => link.hurry());
  log.info('attached to an engine elsewhere', { address });
  return {
    link,
    hosts: (overview) => hostsOf(overview, ['https://github.com']),
    openBundle: (id) => openRemoteBundle(`${address}/api/bundles/${id}`, headers, dispatcher),
    setQuiet: () => undefined,
    woke: () => link.hurry(),
    close: async () => {
      stopNetwork();
      await link.close();
      await dispatcher.destroy();
    },
  };
}

/** Null: the engine has none of this id. Its name is taken only as such names are. */
async function openRemoteBundle(
  url: string,
  headers: Readonly<Record<string, string>>,
  dispatcher: Dispatcher,
): Promise<OpenedBundle | null> {
  const answer = await request(url, { headers, dispatcher, headersTimeout: askLimitMs });
  const named = /filename="([A-Za-z0-9._-]{1,200})"/.exec(String(answer.headers['content-disposition']))?.[1];
  const bytes = Number(answer.headers['content-length']);
  if (answer.statusCode !== 200 || named === undefined || !Number.isSafeInteger(bytes)) {
    await answer.body.dump();
    return null;
  }
  return { fileName: named, bytes, body: answer.body };
}
