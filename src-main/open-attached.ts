/** @file An engine elsewhere, for the desktop: its address checked, its certificate too, the token from the secrets. */
import { fetch, WebSocket } from 'undici';
import type { SocketLike } from '../src-preload/contract/socket-transport.ts';
import { createEnvSecrets } from './engine/adapters/system/env-secrets.ts';
import { createAgent } from './engine/adapters/system/http-agent.ts';
import { loadSettings } from './engine/adapters/system/settings.ts';
import { isSecure } from './engine/adapters/onedev/address.ts';
import { EpicstarError } from './engine/domain/errors.ts';
import type { Clock } from './engine/ports/clock.ts';
import type { Log, Redactor } from './engine/ports/log.ts';
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
  readonly clock: Clock;
  readonly redactor: Redactor;
  readonly log: Log;
}

const askLimitMs = 10_000;

/**
 * Begins to connect at once and goes on by itself.
 *
 * @param address as `parseAttachAddress` gives it
 * @throws EpicstarError `insecure-address` for plain http to another computer, `config-invalid` without a token
 */
export async function openAttached(options: AttachedOptions, address: string): Promise<OpenedEngine> {
  const { dataDir, env, electron, preferences, clock, redactor, log } = options;
  const { settings } = await loadSettings({ flags: {}, env, dataDir });
  if (!isSecure(address, settings.allowInsecureHosts)) {
    throw new EpicstarError('insecure-address', `The engine's address is ${address}.`);
  }
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
  const token = await secrets.read('attach-token');
  if (token === null) {
    throw new EpicstarError('config-invalid', `No token for the engine at ${address}: set EPICSTAR_ATTACH_TOKEN.`);
  }
  const dispatcher = createAgent({ caFile: settings.caFile });
  const headers = { authorization: `Bearer ${token}` };
  const link = createRemoteLink({
    address,
    host: {
      openSocket: (url): SocketLike => new WebSocket(url, { headers, dispatcher }),
      ask: async (url) => {
        const answer = await fetch(url, {
          headers,
          dispatcher,
          redirect: 'error',
          signal: AbortSignal.timeout(askLimitMs),
        });
        await answer.body?.cancel();
        return answer.status;
      },
    },
    setTimer: (delayMs, fire) => clock.setTimer(delayMs, fire),
    random: Math.random,
  });
  log.info('attached to an engine elsewhere', { address });
  return {
    link,
    hosts: (overview) => hostsOf(overview, ['https://github.com']),
    setQuiet: () => undefined,
    woke: () => link.hurry(),
    close: async () => {
      await link.close();
      await dispatcher.destroy();
    },
  };
}
