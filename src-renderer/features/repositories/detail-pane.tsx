/** @file All that is known of one repository, beside the list or, where there is no room for both, in its place. */
import { useEffect, useRef } from 'react';
import type { RepositoryView } from '../../../src-preload/contract/views.ts';
import { useActions } from '../../connection/use-actions.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Empty, Skeleton } from '../../ui/pieces.tsx';
import { marksOf } from '../../ui/repository-words.ts';
import { DetailActions } from './detail-actions.tsx';
import { DetailEnding } from './detail-ending.tsx';
import { DetailExtras } from './detail-extras.tsx';
import { DetailFacts } from './detail-facts.tsx';
import { DetailPlaces } from './detail-places.tsx';
import { DetailRuns } from './detail-runs.tsx';
import { DetailState } from './detail-state.tsx';
import { DetailTakeOut } from './detail-take-out.tsx';
import { useRepository } from './use-repository.ts';

interface DetailPaneProps {
  readonly githubId: number;
  readonly known: RepositoryView | undefined;
  readonly isLive: boolean;
  /** It takes the place of the list. */
  readonly isAlone: boolean;
  /** A person opened it just now, so it takes the focus. */
  readonly takesFocus: boolean;
  readonly onClose: () => void;
}

export function DetailPane({ githubId, known, isLive, isAlone, takesFocus, onClose }: DetailPaneProps) {
  const { repository, failure, changes } = useRepository(githubId, known);
  const actions = useActions();
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (takesFocus) title.current?.focus({ preventScroll: true });
  }, [takesFocus]);
  const Title = isAlone ? 'h1' : 'h2';
  const name = repository?.fullName ?? known?.fullName ?? 'Repository';
  return (
    <section className="detail" aria-label={`Details of ${name}`}>
      <div className="detail-head">
        {isAlone && <Button label="Back to the list" icon="back" onPress={onClose} />}
        <Title className="detail-title" ref={title} tabIndex={-1}>
          <bdi>{name}</bdi>
        </Title>
        {!isAlone && <IconButton label="Close the details" icon="close" onPress={onClose} />}
      </div>
      {failure !== null && (
        <p className="notice notice-failed" role="alert">
          {failure}
        </p>
      )}
      {repository === undefined && failure === null && <Skeleton rows={4} label="Loading the details" />}
      {repository === null && <Empty>No repository of this number is known here.</Empty>}
      {repository !== undefined && repository !== null && (
        <div className="detail-body">
          <Introduction repository={repository} />
          <Notice actions={actions} />
          <DetailState repository={repository} />
          <DetailActions repository={repository} actions={actions} isLive={isLive} />
          <DetailPlaces repository={repository} />
          <DetailTakeOut repository={repository} isLive={isLive} />
          <DetailFacts repository={repository} />
          <DetailExtras repository={repository} changes={changes} isLive={isLive} />
          <DetailRuns repository={repository} changes={changes} isLive={isLive} />
          <DetailEnding repository={repository} isLive={isLive} />
        </div>
      )}
    </section>
  );
}

function Introduction({ repository }: { readonly repository: RepositoryView }) {
  const { description, topics } = repository;
  const marks = marksOf(repository);
  if (description === null && topics.length === 0 && marks.length === 0) return null;
  return (
    <div className="detail-about">
      {marks.length > 0 && (
        <p className="tags">
          {marks.map((mark) => (
            <span key={mark} className="tag">
              {mark}
            </span>
          ))}
        </p>
      )}
      {description !== null && (
        <p className="detail-description">
          <bdi>{description}</bdi>
        </p>
      )}
      {topics.length > 0 && (
        <ul className="tags" aria-label="Topics">
          {topics.map((topic) => (
            <li key={topic} className="tag tag-topic">
              <bdi>{topic}</bdi>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
