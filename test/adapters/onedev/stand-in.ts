/** @file A OneDev stand-in for one test, a target on it, and looks behind it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CheckItem, MirrorTarget } from '../../../src-main/engine/ports/mirror-target.ts';
import { secretsWith } from '../../conformance/mirror-target-places.ts';
import { type Onedev, startOnedev } from '../../playground/onedev/index.ts';
import { targetAt } from './surroundings.ts';

export interface StandIn {
  readonly onedev: Onedev;
  /** Acts as the administrator. */
  readonly target: MirrorTarget;
  targetWith(token: string, options?: Parameters<typeof targetAt>[1]): MirrorTarget;
  /** Of all projects, sorted. */
  paths(): readonly string[];
  close(): Promise<void>;
}

export async function openStandIn(): Promise<StandIn> {
  const dataDir = await mkdtemp(join(tmpdir(), 'epicstar-onedev-'));
  const onedev = await startOnedev({ dataDir });
  const targetWith: StandIn['targetWith'] = (token, options = {}) =>
    targetAt(onedev.url, { secrets: secretsWith(token), ...options });
  return {
    onedev,
    target: targetWith(onedev.adminToken),
    targetWith,
    paths: () => [...onedev.world.projects.values()].map((project) => onedev.world.pathOf(project)).sort(),
    close: async () => {
      await onedev.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** Looks again in each turn of the event loop; the time limit of the test bounds it. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

export function itemOf(items: readonly CheckItem[], name: string): CheckItem | undefined {
  return items.find((item) => item.name === name);
}
