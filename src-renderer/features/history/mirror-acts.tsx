/** @file What a person did with single mirrors: archived, brought back, deleted. Shown where there is any. */
import { useEffect, useState } from 'react';
import type { MirrorActView } from '../../../src-preload/contract/mirror-calls.ts';
import { formatCount } from '../../../src-preload/contract/words.ts';
import { useClient } from '../../connection/client-context.tsx';
import { Disclosure } from '../../ui/disclosure.tsx';
import { TimeAgo } from '../../ui/pieces.tsx';

const words: Readonly<Record<MirrorActView['kind'], string>> = {
  archived: 'moved to the archive',
  'brought-back': 'brought back from the archive',
  deleted: 'deleted at the mirror server',
};

export function MirrorActs() {
  const client = useClient();
  const [acts, setActs] = useState<readonly MirrorActView[]>([]);
  useEffect(() => {
    let isOver = false;
    const read = (): void => {
      client.call('mirrors.acts', {}).then(
        (now) => isOver || setActs((before) => (before.length === now.length ? before : now)),
        // What cannot be read now is read with the next change.
        () => isOver,
      );
    };
    read();
    const unsubscribe = client.listen('repositories', read);
    return () => {
      isOver = true;
      unsubscribe();
    };
  }, [client]);
  if (acts.length === 0) return null;
  return (
    <Disclosure summary="What you did with single mirrors" aside={formatCount(acts.length)}>
      <ul className="rows">
        {acts.map(({ at, githubId, fullName, kind }) => (
          <li key={`${at} ${githubId}`} className="row">
            <p className="row-line">
              <bdi>{fullName}</bdi> was {words[kind]} <TimeAgo at={at} />.
            </p>
          </li>
        ))}
      </ul>
    </Disclosure>
  );
}
