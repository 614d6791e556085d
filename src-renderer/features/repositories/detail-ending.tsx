/** @file What ends the mirroring of one repository, apart from all else: leave it out, put it away, delete it. */
import type { RepositoryView } from '../../../src-preload/contract/views.ts';
import { useActions } from '../../connection/use-actions.ts';
import { mayDo } from '../../ui/mirror-acts/act-words.ts';
import { Notice } from '../../ui/notice.tsx';
import { Section } from '../../ui/pieces.tsx';
import { ChoiceButtons } from './choice-buttons.tsx';
import { isFollowed } from './detail-actions.tsx';
import { MirrorActButtons } from './mirror-act-buttons.tsx';

interface DetailEndingProps {
  readonly repository: RepositoryView;
  readonly isLive: boolean;
}

export function DetailEnding({ repository, isLive }: DetailEndingProps) {
  const actions = useActions();
  const hasChoice = isFollowed(repository);
  const hasButtons = hasChoice || mayDo('archive', repository) || mayDo('delete', repository);
  return (
    <>
      {hasButtons && (
        <Section title="Stop mirroring it">
          <div className="detail-buttons">
            {hasChoice && <ChoiceButtons repository={repository} actions={actions} isLive={isLive} />}
            <MirrorActButtons acts={['archive', 'delete']} repository={repository} actions={actions} isLive={isLive} />
          </div>
        </Section>
      )}
      <Notice actions={actions} />
    </>
  );
}
