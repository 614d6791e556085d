/** @file The desktop's own engine. Loads native modules: only where there is no engine elsewhere. */
import { createReadStream } from 'node:fs';
import { createBridge } from './bridge/bridge.ts';
import { linksOf } from './compose-places.ts';
import { compose } from './compose.ts';
import type { ProxyFor } from './engine/ports/proxies.ts';
import type { ElectronApi } from './shell/electron-api.ts';
import { createLocalLink } from './shell/link.ts';
import type { OpenedEngine } from './shell/opened-engine.ts';
import type { Preferences } from './shell/preferences.ts';
import { createSafeSecrets, type SafeSecrets } from './shell/safe-secrets.ts';

export interface LocalOptions {
  readonly dataDir: string;
  readonly version: string;
  readonly electron: ElectronApi;
  readonly preferences: Preferences;
  /** The system's proxies. */
  readonly proxyFor: ProxyFor;
}

/** Starts it at once. Rejects with an EpicstarError of the settings or the store. */
export async function openLocal({
  dataDir,
  version,
  electron,
  preferences,
  proxyFor,
}: LocalOptions): Promise<OpenedEngine> {
  const kept: { secrets?: SafeSecrets } = {};
  const composition = await compose({
    dataDir,
    version,
    mode: 'work',
    stderrLog: 'configured',
    mayLackTarget: true,
    proxyFor,
    secretsOf: (outside, { redactor, log }) => {
      kept.secrets = createSafeSecrets({
        electron,
        platform: process.platform,
        dataDir,
        outside,
        redactor,
        log,
        isPlainAllowed: preferences.get('isPlainAllowed'),
        keepPlainAllowed: () => preferences.set('isPlainAllowed', true),
      });
      return kept.secrets;
    },
  });
  if (kept.secrets === undefined) throw new Error('the composition has no place for secrets');
  const { engine, setup, clock, log } = composition;
  const links = () => linksOf(composition.settings());
  await engine.start();
  setup.load().catch((error: unknown) => log.error('set-up could not go on where it was', { error }));
  return {
    link: createLocalLink(createBridge({ engine, setup, links, version, clock, log })),
    secrets: kept.secrets,
    failure: null,
    hosts: () => originsOf(links()),
    openBundle: async (id) => {
      const file = await engine.bundleFile(id);
      if (file === null) return null;
      const body = createReadStream(file.path);
      // All of it was read, and is with the system.
      body.once('end', () => {
        engine.endHandout(id).catch((error: unknown) => log.warn('a bundle was not put away', { error }));
      });
      return { fileName: file.fileName, bytes: file.bytes, body };
    },
    setQuiet: (reasons) => {
      engine.setQuiet(reasons).catch((error: unknown) => log.warn('the engine did not follow the computer', { error }));
    },
    // It goes on by itself when it is told that the computer is awake.
    woke: () => undefined,
    close: () => composition.close(),
  };
}

function originsOf({ githubWebUrl, targetUrl }: ReturnType<typeof linksOf>): readonly string[] {
  return [githubWebUrl, ...(targetUrl === null ? [] : [targetUrl])].map((url) => new URL(url).origin);
}
