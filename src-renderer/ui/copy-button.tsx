/** @file A button that copies a text and says so. */
import { useEffect, useState } from 'react';
import { Button } from './button.tsx';

interface CopyButtonProps {
  readonly text: string;
  readonly label: string;
}

const saidMs = 4_000;

export function CopyButton({ text, label }: CopyButtonProps) {
  const [outcome, setOutcome] = useState<'copied' | 'failed' | null>(null);
  useEffect(() => {
    if (outcome === null) return undefined;
    const timer = window.setTimeout(() => setOutcome(null), saidMs);
    return () => window.clearTimeout(timer);
  }, [outcome]);
  const copy = (): void => {
    navigator.clipboard.writeText(text).then(
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
