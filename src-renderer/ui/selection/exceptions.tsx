/** @file Exceptions from the rules, one repository at a time: found by name, or among the largest. */
import { useCallback, useMemo, useState } from 'react';
import type { SelectionPreviewView } from '../../../src-preload/contract/setup-views.ts';
import { formatBytes } from '../../../src-preload/contract/words.ts';
import { useClient } from '../../connection/client-context.tsx';
import { useAttempt } from '../../connection/use-attempt.ts';
import { FailureCallout } from '../failure-callout.tsx';
import { TextField } from '../fields.tsx';
import { Empty, Skeleton } from '../pieces.tsx';
import { type Choice, type ExceptionRow, ExceptionRows } from './exception-rows.tsx';
import { bytesOf } from './rules.ts';
import { useChoices } from './use-choices.ts';
import { useFound } from './use-found.ts';

interface ExceptionsProps {
  readonly preview: SelectionPreviewView | null;
  readonly isLive: boolean;
}

export function Exceptions({ preview, isLive }: ExceptionsProps) {
  const client = useClient();
  const { busy, failure, run } = useAttempt();
  const [text, setText] = useState('');
  /** What was chosen here, by id; stays in sight when it leaves the list it was chosen from. */
  const [chosen, setChosen] = useState<ReadonlyMap<number, ExceptionRow>>(new Map());
  const { rows, failure: searchFailure } = useFound(text.trim());

  const choose = useCallback(
    async (row: ExceptionRow, choice: Choice) => {
      const done = await run(`${row.githubId}`, () =>
        client.call('repositories.choose', { githubIds: [row.githubId], choice }),
      );
      if (done !== null) setChosen((known) => new Map(known).set(row.githubId, { ...row, choice }));
    },
    [client, run],
  );
  const known = useChoices(preview?.largest.map(({ githubId }) => githubId) ?? []);
  const isSearch = text.trim() !== '';
  const listed = useMemo(
    () => listRows(isSearch ? (rows ?? []) : null, preview, chosen, known),
    [isSearch, rows, preview, chosen, known],
  );
  return (
    <div className="exceptions">
      <TextField
        label="Find a repository"
        kind="search"
        value={text}
        onChange={setText}
        placeholder="Part of its name, description or topics"
        hint="A choice for one repository is stronger than the rules, and counts at once."
      />
      <FailureCallout failure={failure ?? searchFailure} />
      {isSearch && rows === null && searchFailure === null && <Skeleton rows={2} label="Looking for repositories" />}
      {isSearch && rows?.length === 0 && <Empty>No starred repository has these words.</Empty>}
      {!isSearch && listed.length > 0 && <p className="field-label">The largest to mirror</p>}
      <ExceptionRows
        rows={listed}
        label={isSearch ? 'Repositories found' : 'The largest to mirror'}
        busy={busy}
        isLive={isLive}
        onChoose={(row, choice) => void choose(row, choice)}
      />
    </div>
  );
}

/** What was found, else the largest with what was chosen here. */
function listRows(
  found: readonly ExceptionRow[] | null,
  preview: SelectionPreviewView | null,
  chosen: ReadonlyMap<number, ExceptionRow>,
  known: ReadonlyMap<number, Choice>,
): readonly ExceptionRow[] {
  const withChoice = (row: ExceptionRow): ExceptionRow => {
    const here = chosen.get(row.githubId);
    return here === undefined ? row : { ...row, choice: here.choice };
  };
  if (found !== null) return found.map(withChoice);
  const largest = (preview?.largest ?? []).map(({ githubId, fullName, sizeKb }) => ({
    githubId,
    fullName,
    choice: known.get(githubId),
    words: `about ${formatBytes(bytesOf(sizeKb))}`,
  }));
  const ids = new Set(largest.map(({ githubId }) => githubId));
  const others = [...chosen.values()].filter(({ githubId }) => !ids.has(githubId));
  return [...others, ...largest.map(withChoice)];
}
