/** @file Comparing both ends of many mirrors: the engine does it, whether or not anybody looks. */
import { useCallback, useState } from 'react';
import type { CallAnswer } from '../../../src-preload/contract/schema.ts';
import { useClient, useTopic } from '../../connection/client-context.tsx';
import { type Actions, useActions } from '../../connection/use-actions.ts';
import type { Round } from '../../ui/proof-words.tsx';

export type Comparison = CallAnswer<'repositories.verify'>;

export interface ComparisonsControl {
  /** Null: nothing was asked for here. */
  readonly round: Round | null;
  readonly isOpen: boolean;
  readonly actions: Actions;
  readonly start: (githubIds: readonly number[]) => void;
  readonly stop: () => void;
  readonly close: () => void;
}

export function useComparisons(): ComparisonsControl {
  const client = useClient();
  const actions = useActions();
  const [isOpen, setIsOpen] = useState(false);
  const round = useTopic('overview')?.proof.round ?? null;
  const { run } = actions;

  const start = useCallback(
    (githubIds: readonly number[]) => {
      setIsOpen(true);
      run('begin', async () => {
        await client.call('proofs.begin', { githubIds });
        return null;
      });
    },
    [client, run],
  );
  const stop = useCallback(() => {
    run('end', async () => {
      await client.call('proofs.end');
      return null;
    });
  }, [client, run]);
  const close = useCallback(() => setIsOpen(false), []);
  return { round, isOpen, actions, start, stop, close };
}
