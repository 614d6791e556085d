/** @file What rules would come to, asked anew whenever they, the stars, or a choice of the person changed. */
import { useEffect, useRef, useState } from 'react';
import type { SelectionPreviewView, SelectionRulesView } from '../../../src-preload/contract/setup-views.ts';
import { useClient, useConnection } from '../../connection/client-context.tsx';
import { readFailure } from '../../connection/read-failure.ts';

/** After the last change of a rule. */
const debounceMs = 150;
/** However often the stars change, they are counted at most this often. */
const minRecountMs = 1_000;

export interface Preview {
  /** Null before the first answer. */
  readonly value: SelectionPreviewView | null;
  /** False while something newer is being asked. */
  readonly isCurrent: boolean;
  /** Why the last question failed; null after one that did not. */
  readonly failure: string | null;
}

interface Answer {
  readonly value: SelectionPreviewView;
  readonly rules: SelectionRulesView;
  /** Of the stars. */
  readonly version: string;
}

/** @param starred number of stars that are known, as the engine tells it */
export function usePreview(rules: SelectionRulesView | null, starred: number): Preview {
  const client = useClient();
  const connection = useConnection();
  const changes = useRepositoryChanges();
  const [answer, setAnswer] = useState<Answer | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const asked = useRef({ rules, atMs: Number.NEGATIVE_INFINITY, count: 0, answered: 0 });
  const version = `${starred} ${changes}`;

  useEffect(() => {
    if (connection !== 'open' || rules === null) return undefined;
    const ask = async (): Promise<void> => {
      const number = asked.current.count + 1;
      asked.current = { ...asked.current, rules, atMs: performance.now(), count: number };
      try {
        const value = await client.call('selection.preview', { rules });
        // An answer that comes late says less than one that is here already.
        if (number < asked.current.answered) return;
        asked.current.answered = number;
        setAnswer({ value, rules, version });
        setFailure(null);
      } catch (error) {
        if (number >= asked.current.answered) setFailure(readFailure(error));
      }
    };
    const { rules: askedRules, atMs } = asked.current;
    const waitMs = askedRules === rules ? Math.max(0, atMs + minRecountMs - performance.now()) : debounceMs;
    const timer = window.setTimeout(() => void ask(), waitMs);
    return () => window.clearTimeout(timer);
  }, [client, connection, rules, version]);

  const isCurrent = answer !== null && answer.rules === rules && answer.version === version;
  return { value: answer?.value ?? null, isCurrent, failure };
}

/** Grows with every change of repositories. */
function useRepositoryChanges(): number {
  const client = useClient();
  const [count, setCount] = useState(0);
  useEffect(() => client.listen('repositories', () => setCount((now) => now + 1)), [client]);
  return count;
}
