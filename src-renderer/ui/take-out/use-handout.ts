/** @file One bundle or push from its begin to its end, as the engine tells of it. */
import { useCallback, useEffect, useState } from 'react';
import { CallError } from '../../../src-preload/contract/messages.ts';
import type { HandoutView } from '../../../src-preload/contract/handout-calls.ts';
import { useClient } from '../../connection/client-context.tsx';
import { type Failure, useAttempt } from '../../connection/use-attempt.ts';

const askEveryMs = 500;

export interface HandoutState {
  /** Null: none was begun. */
  readonly handout: HandoutView | null;
  readonly isBeginning: boolean;
  readonly failure: Failure | null;
  readonly begin: (ask: () => Promise<HandoutView>) => Promise<void>;
  /** Ends one that is under way; puts away what is told of the last one. */
  readonly end: () => void;
}

export function isUnderWay(handout: HandoutView | null): boolean {
  return handout?.state === 'waiting' || handout?.state === 'working';
}

/** @param found what was begun before, to go on with; null: nothing */
export function useHandout(found: HandoutView | null): HandoutState {
  const client = useClient();
  const { busy, failure, run, clear } = useAttempt();
  const [handout, setHandout] = useState<HandoutView | null>(found);
  const id = isUnderWay(handout) ? (handout?.id ?? null) : null;

  useEffect(() => {
    if (id === null) return undefined;
    let timer = 0;
    let isOver = false;
    const ask = async (): Promise<void> => {
      const now = await client.call('handouts.get', { id }).catch((error: unknown) => {
        // A lost connection comes back, and the engine goes on meanwhile.
        if (error instanceof CallError) return undefined;
        throw error;
      });
      if (isOver) return;
      if (now !== undefined) setHandout(now ?? lostHandout);
      timer = window.setTimeout(() => void ask(), askEveryMs);
    };
    timer = window.setTimeout(() => void ask(), askEveryMs);
    return () => {
      isOver = true;
      window.clearTimeout(timer);
    };
  }, [client, id]);

  const begin = useCallback(
    async (ask: () => Promise<HandoutView>) => {
      const begun = await run('begin', ask);
      if (begun === null) return;
      setHandout(begun);
      putAway(client, handout);
    },
    [client, handout, run],
  );

  const end = useCallback(() => {
    clear();
    setHandout(null);
    putAway(client, handout);
  }, [client, clear, handout]);

  return { handout, isBeginning: busy !== null, failure, begin, end };
}

/** Ends one that is under way, and forgets a push that was told of. A bundle that is made may be on its way still. */
function putAway(client: ReturnType<typeof useClient>, handout: HandoutView | null): void {
  if (handout === null || handout.id === '' || (!isUnderWay(handout) && handout.bundle !== null)) return;
  // One that cannot be reached ends by itself, and what it made is removed.
  client.call('handouts.end', { id: handout.id }).catch(() => undefined);
}

/** The engine was begun anew meanwhile, and knows nothing of it. */
const lostHandout: HandoutView = {
  id: '',
  kind: 'bundle',
  githubId: 1,
  fullName: '',
  withKept: false,
  state: 'cancelled',
  step: null,
  git: null,
  error: null,
  bundle: null,
  push: null,
};
