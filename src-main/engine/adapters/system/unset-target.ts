/** @file In place of a target that nobody has set yet: every use of it says so, and looks go on without it. */
import { EpicstarError } from '../../domain/errors.ts';
import type { CheckItem, MirrorTarget } from '../../ports/mirror-target.ts';

export function createUnsetTarget(): MirrorTarget {
  const refuse = (): Promise<never> => Promise.reject(new EpicstarError('target-not-set', ''));
  return {
    kind: 'none',
    address: '',
    limits: { refsPerPush: 500, smallPackBytes: 5_000_000, smallPushesAtOnce: 1 },
    refFitness: () => null,
    check: (_signal, onItem) => {
      const { message, nextStep } = new EpicstarError('target-not-set', '');
      const item: CheckItem = { name: 'target', state: 'failed', finding: message, nextStep };
      onItem?.(item);
      return Promise.resolve([item]);
    },
    freeBytes: () => Promise.resolve(null),
    ensureProject: refuse,
    whereIs: refuse,
    archiveProject: refuse,
    bringBackProject: refuse,
    removeProject: refuse,
    list: refuse,
    remote: refuse,
    defaultBranch: refuse,
    setDefaultBranch: refuse,
    automaticDefault: () => null,
    requestCount: () => 0,
  };
}
