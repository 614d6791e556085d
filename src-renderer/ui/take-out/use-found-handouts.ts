/** @file Bundles and pushes of one repository that were begun before, here or in another window. */
import { useEffect, useState } from 'react';
import type { HandoutView } from '../../../src-preload/contract/handout-calls.ts';
import { useClient } from '../../connection/client-context.tsx';
import { isUnderWay } from './use-handout.ts';

const askEveryMs = 3_000;

export type FoundHandouts = Readonly<Record<HandoutView['kind'], HandoutView | null>>;

const nothing: FoundHandouts = { bundle: null, push: null };

/** @param isOff while a dialog tells of them itself */
export function useFoundHandouts(githubId: number, isOff: boolean): FoundHandouts {
  const client = useClient();
  const [found, setFound] = useState(nothing);
  useEffect(() => {
    if (isOff) return undefined;
    let timer = 0;
    let isOver = false;
    const ask = async (): Promise<void> => {
      // One that cannot be asked has nothing to show either.
      const handouts = await client.call('handouts.of', { githubId }).then(
        (answer) => answer.handouts,
        () => [],
      );
      if (isOver) return;
      const now = { bundle: newest(handouts, 'bundle'), push: newest(handouts, 'push') };
      setFound(now);
      if (now.bundle !== null || now.push !== null) timer = window.setTimeout(() => void ask(), askEveryMs);
    };
    void ask();
    return () => {
      isOver = true;
      window.clearTimeout(timer);
    };
  }, [client, githubId, isOff]);
  return found;
}

/** What somebody ended, and a bundle that did not come about, is not told of again. */
function newest(handouts: readonly HandoutView[], kind: HandoutView['kind']): HandoutView | null {
  const handout = handouts.find((one) => one.kind === kind) ?? null;
  if (handout === null || isUnderWay(handout) || handout.state === 'done') return handout;
  return kind === 'push' && handout.state === 'failed' ? handout : null;
}
