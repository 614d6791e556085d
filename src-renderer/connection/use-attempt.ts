/** @file Calls that a form makes: which is under way, and why the last one failed. Knows no call by name. */
import { useCallback, useMemo, useState } from 'react';
import { CallError } from '../../src-preload/contract/messages.ts';

export interface Failure {
  /** Code of the engine's error, or name of the contract's. */
  readonly code: string;
  readonly message: string;
  readonly nextStep: string | null;
}

export interface Attempt {
  /** Key of what is under way; null: nothing. */
  readonly busy: string | null;
  readonly failure: Failure | null;
  /** One at a time: while one is under way, another is not begun. Null: it failed, or was not begun. */
  readonly run: <T>(key: string, task: () => Promise<T>) => Promise<T | null>;
  readonly clear: () => void;
}

function toFailure(thrown: unknown): Failure {
  if (!(thrown instanceof CallError)) {
    return { code: 'internal', message: thrown instanceof Error ? thrown.message : String(thrown), nextStep: null };
  }
  if (thrown.error !== null) {
    return { code: thrown.error.code, message: thrown.error.message, nextStep: thrown.error.nextStep };
  }
  const canRepeat = thrown.name === 'disconnected' || thrown.name === 'timed-out';
  return {
    code: thrown.name,
    message: thrown.message,
    nextStep: canRepeat ? 'What you entered is still here: try again when epicstar answers.' : null,
  };
}

export function useAttempt(): Attempt {
  const [busy, setBusy] = useState<string | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);

  const run = useCallback(
    async <T>(key: string, task: () => Promise<T>): Promise<T | null> => {
      if (busy !== null) return null;
      setBusy(key);
      setFailure(null);
      try {
        return await task();
      } catch (thrown) {
        setFailure(toFailure(thrown));
        return null;
      } finally {
        setBusy(null);
      }
    },
    [busy],
  );

  const clear = useCallback(() => setFailure(null), []);
  return useMemo(() => ({ busy, failure, run, clear }), [busy, failure, run, clear]);
}
