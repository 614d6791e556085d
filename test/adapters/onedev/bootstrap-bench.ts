/** @file A OneDev stand-in with an administrator, and a bootstrap that signs in there. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { Agent } from 'undici';
import { createOnedevBootstrap } from '../../../src-main/engine/adapters/onedev/bootstrap.ts';
import { createRedactor } from '../../../src-main/engine/adapters/system/redactor.ts';
import type { Log } from '../../../src-main/engine/ports/log.ts';
import type { OnedevBootstrap, OnedevBootstrapRequest } from '../../../src-main/engine/ports/sign-in.ts';
import { realClock } from '../../conformance/mirror-target-places.ts';
import { type Onedev, startOnedev } from '../../playground/onedev/index.ts';
import { never } from './surroundings.ts';

export const admin = { name: 'adä', password: 'correct horse: battery' };
export const today = '2026-05-01';

export interface BootstrapBench {
  readonly onedev: Onedev;
  /** An empty folder besides the stand-in's. */
  readonly dir: string;
  readonly secretsAdded: readonly string[];
  readonly logLines: readonly string[];
  /** As the administrator, for the root `github`, unless it is changed. */
  make(change?: Partial<OnedevBootstrapRequest>): ReturnType<OnedevBootstrap['makeLimitedToken']>;
  /** Of all projects, sorted. */
  paths(): readonly string[];
  roleNames(): readonly string[];
  tokenNames(): readonly string[];
  close(): Promise<void>;
}

export async function openBootstrapBench(): Promise<BootstrapBench> {
  const dir = await mkdtemp(join(tmpdir(), 'epicstar-bootstrap-'));
  const onedev = await startOnedev({ dataDir: join(dir, 'onedev'), admin });
  const agent = new Agent();
  const redactor = createRedactor();
  const secretsAdded: string[] = [];
  const logLines: string[] = [];
  const write = (message: string, fields?: unknown): void => {
    logLines.push(inspect([message, fields], { depth: 10 }));
  };
  const log: Log = { debug: write, info: write, warn: write, error: write, child: () => log };
  const bootstrap = createOnedevBootstrap({
    dispatcher: agent,
    clock: { ...realClock, now: () => Date.parse(today) },
    log,
    redactor: {
      add: (secret) => {
        secretsAdded.push(secret);
        redactor.add(secret);
      },
      redact: (text) => redactor.redact(text),
    },
    allowInsecureHosts: [],
    startupPatienceMs: 150,
    startupPollMs: 10,
  });
  const { name: user, password } = admin;
  const { world } = onedev;
  return {
    onedev,
    dir,
    secretsAdded,
    logLines,
    make: async (change = {}) =>
      await bootstrap.makeLimitedToken({ url: onedev.url, user, password, root: 'github', signal: never, ...change }),
    paths: () => [...world.projects.values()].map((project) => world.pathOf(project)).sort(),
    roleNames: () => [...world.roles.values()].map(({ name }) => name),
    tokenNames: () => [...world.tokens.values()].map(({ name }) => name),
    close: async () => {
      await onedev.close();
      await agent.destroy();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
