/** @file A button that copies a text and says so. */
import { useEffect, useState } from 'react';
import { Button } from './button.tsx';

interface CopyButtonProps {
  readonly text: string;
  readonly label: string;
  /** Read out after the label. */
  readonly of?: string;
}

const saidMs = 4_000;

/** Rejects also where the browser has no clipboard for us: on plain http to another computer. */
async function writeText(text: string): Promise<void> {
  await navigator.clipboard.writeText(text);
}

export function CopyButton({ text, label, of }: CopyButtonProps) {
  const [outcome, setOutcome] = useState<'copied' | 'failed' | null>(null);
  useEffect(() => {
    if (outcome === null) return undefined;
    const timer = window.setTimeout(() => setOutcome(null), saidMs);
    return () => window.clearTimeout(timer);
  }, [outcome]);
  const copy = (): void => {
    writeText(text).then(
      () => setOutcome('copied'),
      () => setOutcome('failed'),
    );
  };
  return (
    <>
      <Button
        label={outcome === 'copied' ? 'Copied' : label}
        icon={outcome === 'copied' ? 'check' : 'copy'}
        onPress={copy}
        {...(of === undefined ? {} : { of })}
      />
      <span className="visually-hidden" role="status">
        {outcome === 'copied' && 'Copied.'}
      </span>
      {outcome === 'failed' && (
        <span className="field-problem">It could not be copied; mark it and copy it yourself.</span>
      )}
    </>
  );
}
