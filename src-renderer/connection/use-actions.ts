/** @file Presses: which is under way, and what came of the last one in words. */
import { useCallback, useMemo, useState } from 'react';
import { CallError } from '../../src-preload/contract/messages.ts';

export interface ActionNotice {
  readonly kind: 'done' | 'failed';
  readonly text: string;
}

export interface Actions {
  /** Keys of what is under way. */
  readonly busy: ReadonlySet<string>;
  readonly notice: ActionNotice | null;
  readonly dismiss: () => void;
  /** Runs one action unless the same is under way; what it answers is shown, null is not. */
  readonly run: (key: string, action: () => Promise<string | null>) => void;
}

function describe(error: unknown): string {
  if (!(error instanceof CallError)) return error instanceof Error ? error.message : String(error);
  return error.error === null ? error.message : `${error.error.message} ${error.error.nextStep}`;
}

export function useActions(): Actions {
  const [busy, setBusy] = useState<ReadonlySet<string>>(new Set());
  const [notice, setNotice] = useState<ActionNotice | null>(null);

  const run = useCallback(
    (key: string, action: () => Promise<string | null>) => {
      if (busy.has(key)) return;
      const finish = async (): Promise<void> => {
        setNotice(null);
        setBusy((keys) => new Set([...keys, key]));
        try {
          const text = await action();
          setNotice(text === null ? null : { kind: 'done', text });
        } catch (error) {
          setNotice({ kind: 'failed', text: describe(error) });
        } finally {
          setBusy((keys) => new Set([...keys].filter((one) => one !== key)));
        }
      };
      void finish();
    },
    [busy],
  );

  const dismiss = useCallback(() => setNotice(null), []);
  // The same object until something changes, so that lists need not be drawn with every update.
  return useMemo(() => ({ busy, notice, run, dismiss }), [busy, notice, run, dismiss]);
}
