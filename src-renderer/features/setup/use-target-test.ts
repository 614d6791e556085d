/** @file Testing and saving a target: what is under way, what was found, and for which candidate. */
import { useCallback, useState } from 'react';
import type { CheckItemView, SetupView, TargetCandidateInput } from '../../../src-preload/contract/setup-views.ts';
import { useClient } from '../../connection/client-context.tsx';
import { type Attempt, useAttempt } from '../../connection/use-attempt.ts';

export interface BootstrapInput {
  readonly url: string;
  readonly user: string;
  readonly password: string;
  readonly root: string;
  readonly caFile: string | null;
  readonly allowInsecure: boolean;
}

export interface TestAnswer {
  readonly items: readonly CheckItemView[];
  readonly saved: boolean;
  readonly made: readonly string[];
}

export interface TargetTest {
  readonly attempt: Attempt;
  /** Null: nothing was tested here. */
  readonly items: readonly CheckItemView[] | null;
  /** Also where another window began it, or this one before a reload. */
  readonly isRunning: boolean;
  readonly isSaved: boolean;
  /** What was made on OneDev by the last bootstrap. */
  readonly made: readonly string[];
  /** Each resolves with null where the call failed; why is told by `attempt`. */
  readonly test: (candidate: TargetCandidateInput) => Promise<TestAnswer | null>;
  readonly save: (candidate: TargetCandidateInput) => Promise<TestAnswer | null>;
  readonly bootstrap: (input: BootstrapInput) => Promise<TestAnswer | null>;
  readonly cancel: () => void;
}

export function useTargetTest(setup: SetupView): TargetTest {
  const client = useClient();
  const attempt = useAttempt();
  const [answer, setAnswer] = useState<TestAnswer | null>(null);
  const { run } = attempt;

  const take = useCallback(
    async (key: string, ask: () => Promise<Partial<TestAnswer> & Pick<TestAnswer, 'items'>>) => {
      setAnswer(null);
      const given = await run(key, ask);
      if (given === null) return null;
      const whole = { saved: false, made: [], ...given };
      setAnswer(whole);
      return whole;
    },
    [run],
  );
  const test = useCallback(
    (candidate: TargetCandidateInput) => take('test', () => client.call('setup.testTarget', { candidate })),
    [take, client],
  );
  const save = useCallback(
    (candidate: TargetCandidateInput) => take('save', () => client.call('setup.saveTarget', { candidate })),
    [take, client],
  );
  const bootstrap = useCallback(
    (input: BootstrapInput) => take('bootstrap', () => client.call('setup.bootstrapTarget', input)),
    [take, client],
  );
  const cancel = useCallback(() => {
    // Where there is nothing left to cancel, the state says so by itself.
    client.call('setup.cancelTest').catch(() => undefined);
  }, [client]);

  const isRunning = attempt.busy !== null || setup.test?.isRunning === true;
  return {
    attempt,
    items: answer?.items ?? itemsUnderWay(setup, attempt),
    isRunning,
    isSaved: answer?.saved ?? false,
    made: answer?.made ?? [],
    test,
    save,
    bootstrap,
    cancel,
  };
}

/** Whether it was saved and there is nothing to read first. */
export function isSmooth(answer: TestAnswer | null): boolean {
  return answer !== null && answer.saved && answer.items.every(({ state }) => state === 'ok');
}

/** While a test runs, and after one that was cut short; the findings of an earlier visit are nobody's. */
function itemsUnderWay({ test }: SetupView, { busy, failure }: Attempt): readonly CheckItemView[] | null {
  if (test?.isRunning === true) return test.items;
  if (busy !== null) return [];
  return failure === null ? null : (test?.items ?? null);
}
