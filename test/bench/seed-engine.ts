/** @file A real full look into a data directory, with no job run: the store is then as after a first look. */
import { join } from 'node:path';
import { createGit } from '../../src-main/engine/adapters/git/git.ts';
import { createGithub } from '../../src-main/engine/adapters/github/github.ts';
import { createFolderTarget } from '../../src-main/engine/adapters/folder/folder-target.ts';
import { openSqliteStore } from '../../src-main/engine/adapters/sqlite/index.ts';
import { createSystemClock } from '../../src-main/engine/adapters/system/clock.ts';
import { createDisk } from '../../src-main/engine/adapters/system/disk.ts';
import { createEnvSecrets } from '../../src-main/engine/adapters/system/env-secrets.ts';
import { createAgent } from '../../src-main/engine/adapters/system/http-agent.ts';
import { createRedactor } from '../../src-main/engine/adapters/system/redactor.ts';
import { createEngine } from '../../src-main/engine/core/engine.ts';
import type { Log } from '../../src-main/engine/ports/log.ts';

const silent: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: (message) => {
    throw new Error(message);
  },
  child: () => silent,
};

export async function createSeedEngine(apiUrl: string, token: string, dataDir: string): Promise<void> {
  const clock = createSystemClock();
  const redactor = createRedactor();
  const env = { EPICSTAR_GITHUB_TOKEN: token };
  const secrets = createEnvSecrets({ env, dataDir, redactor, platform: process.platform });
  const agent = createAgent();
  const engine = createEngine({
    store: await openSqliteStore({ dataDir }),
    github: createGithub({ apiUrl, version: 'bench', dispatcher: agent, secrets, redactor, clock, log: silent }),
    target: createFolderTarget({ folder: join(dataDir, 'nowhere'), clock, log: silent }),
    git: createGit({
      cacheRoot: join(dataDir, 'cache'),
      homeDir: join(dataDir, 'git-home'),
      log: silent,
      redactor,
      clock,
      processEnv: process.env,
      platform: process.platform,
    }),
    disk: createDisk(dataDir),
    clock,
    random: Math.random,
    network: { isOnline: () => true, onChange: () => () => undefined },
    log: silent,
    options: {
      concurrency: 1,
      lookEveryMs: 3_600_000,
      fullWalkEveryMs: 86_400_000,
      sweepEveryMs: 604_800_000,
      cacheLimitBytes: 1e9,
    },
  });
  engine.limitTo([]);
  await engine.startOnce();
  await engine.lookNow(true);
  await engine.stop();
  await agent.close();
}
