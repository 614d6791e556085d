/** @file Rules by name: patterns, one a line. */
import { useState } from 'react';
import { TextAreaField } from '../text-area-field.tsx';
import type { RulesProps } from './named-rules.tsx';
import { readLines, type Side } from './rules.ts';

const rows = 3;

export function PatternLines({ rules, onChange }: RulesProps) {
  return (
    <div className="both-sides">
      <Lines
        label="Only names like these"
        lines={rules.namePatterns.only}
        onLines={(only) => onChange({ ...rules, namePatterns: { ...rules.namePatterns, only } })}
        side="only"
      />
      <Lines
        label="Never names like these"
        lines={rules.namePatterns.never}
        onLines={(never) => onChange({ ...rules, namePatterns: { ...rules.namePatterns, never } })}
        side="never"
      />
    </div>
  );
}

interface LinesProps {
  readonly label: string;
  readonly lines: readonly string[];
  readonly onLines: (lines: readonly string[]) => void;
  readonly side: Side;
}

function Lines({ label, lines, onLines, side }: LinesProps) {
  // As it is typed, with empty lines and all.
  const [text, setText] = useState(() => lines.join('\n'));
  return (
    <TextAreaField
      label={label}
      rows={rows}
      value={text}
      onChange={(typed) => {
        setText(typed);
        onLines(readLines(typed));
      }}
      hint={
        <>
          One a line, for the whole owner/name; * is anything, ? one character. For example{' '}
          <code>{side === 'only' ? 'rust-lang/*' : '*/*-archive'}</code>.
        </>
      }
    />
  );
}
