/** @file One mirror that is about to be deleted: what would be lost, and its name to be typed. */
import { useEffect, useState } from 'react';
import type { RepositoryView } from '../../../src-preload/contract/views.ts';
import { countOf, formatBytes } from '../../../src-preload/contract/words.ts';
import { useClient } from '../../connection/client-context.tsx';
import { Callout } from '../callout.tsx';
import { TextField } from '../fields.tsx';
import { isLastCopy } from './act-words.ts';

interface DeletionItemProps {
  readonly repository: RepositoryView;
  readonly typed: string;
  readonly onType: (text: string) => void;
}

export function DeletionItem({ repository, typed, onType }: DeletionItemProps) {
  const { githubId, fullName, mirror, sizeKb } = repository;
  const kept = useKeptCount(githubId);
  const wikiPath = useWikiPath(githubId);
  if (mirror === null) return null;
  return (
    <li className="act-item">
      <p className="act-name">
        <bdi>{fullName}</bdi>
      </p>
      {isLastCopy(repository) && (
        <Callout kind="failed" title="This is the last copy">
          <p>GitHub has it no more. Once the mirror is deleted, nothing of it is left.</p>
        </Callout>
      )}
      <p className="row-line">
        Lost are {countOf(mirror.refCount, 'branch or tag', 'branches and tags')}
        {kept !== null && kept > 0 && <>, {countOf(kept, 'old tip')} that upstream has no more</>}, about{' '}
        {formatBytes(sizeKb * 1_024)}, at <bdi>{mirror.path}</bdi>
        {wikiPath !== null && (
          <>
            , and its wiki at <bdi>{wikiPath}</bdi>
          </>
        )}
        .
      </p>
      <TextField label={`Type ${fullName} to delete its mirror`} value={typed} onChange={onType} isCode />
    </li>
  );
}

/** Null: the mirror server was not asked yet, or does not answer. */
function useKeptCount(githubId: number): number | null {
  const client = useClient();
  const [kept, setKept] = useState<number | null>(null);
  useEffect(() => {
    let isOver = false;
    client.call('repositories.keptRefs', { githubId }).then(
      ({ total }) => isOver || setKept(total),
      () => isOver || setKept(null),
    );
    return () => {
      isOver = true;
    };
  }, [client, githubId]);
  return kept;
}

/** Null: it has no wiki, or that is not read yet. */
function useWikiPath(githubId: number): string | null {
  const client = useClient();
  const [path, setPath] = useState<string | null>(null);
  useEffect(() => {
    let isOver = false;
    client.call('extras.get', { githubId }).then(
      ({ wiki }) => isOver || setPath(wiki?.path ?? null),
      () => isOver || setPath(null),
    );
    return () => {
      isOver = true;
    };
  }, [client, githubId]);
  return path;
}
