/** @file What can be had out of the mirror: all of it as a file or elsewhere, and old tips that upstream lost. */
import type { RepositoryView } from '../../../src-preload/contract/views.ts';
import { Section } from '../../ui/pieces.tsx';
import { TakeOutButtons } from '../../ui/take-out/take-out-buttons.tsx';
import { KeptRefs } from './kept-refs.tsx';

interface DetailTakeOutProps {
  readonly repository: RepositoryView;
  readonly isLive: boolean;
}

export function DetailTakeOut({ repository, isLive }: DetailTakeOutProps) {
  if (repository.mirror === null) return null;
  return (
    <Section title="Take it out">
      <div className="detail-take-out">
        <div className="buttons">
          <TakeOutButtons repository={repository} isLive={isLive} />
        </div>
        <KeptRefs repository={repository} isLive={isLive} />
      </div>
    </Section>
  );
}
