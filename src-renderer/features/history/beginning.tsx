/** @file Where a history begins with mirrors that were there before it. */
import { countOf } from '../../../src-preload/contract/words.ts';
import { useTopic } from '../../connection/client-context.tsx';
import { Callout } from '../../ui/callout.tsx';
import { TimeAgo } from '../../ui/pieces.tsx';

export function Beginning() {
  const rebuilt = useTopic('overview')?.rebuilt ?? null;
  if (rebuilt === null) return null;
  const { at, mirrors, address } = rebuilt;
  return (
    <div className="history-beginning">
      <Callout
        kind="info"
        title={
          <>
            The history begins here: rebuilt <TimeAgo at={at} /> from {countOf(mirrors, 'mirror')} on{' '}
            <bdi>{address}</bdi>
          </>
        }
      >
        <p>What was done before is in the history of the epicstar that made them.</p>
      </Callout>
    </div>
  );
}
