/** @file In place of rows: none yet, none that match, or the starred list is still being read. */
import { useTopic } from '../../connection/client-context.tsx';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';

interface ListEmptyProps {
  readonly isFiltered: boolean;
  readonly onClear: () => void;
}

export function ListEmpty({ isFiltered, onClear }: ListEmptyProps) {
  return (
    <div className="stars-empty">
      {isFiltered ? (
        <>
          <span className="lone-icon">
            <Icon name="search" />
          </span>
          <h2>Nothing matches</h2>
          <p>No starred repository has all of these words and filters.</p>
          <Button label="Clear all" icon="close" onPress={onClear} />
        </>
      ) : (
        <NoStars />
      )}
    </div>
  );
}

function NoStars() {
  const watcher = useTopic('overview')?.watcher;
  const isReading = watcher !== undefined && (watcher.isLooking || watcher.lastLookAt === null);
  const walk = watcher?.walk ?? null;
  if (!isReading) {
    return (
      <>
        <span className="lone-icon">
          <Icon name="star" />
        </span>
        <h2>No stars yet</h2>
        <p>Star a repository on GitHub: it appears here and is mirrored.</p>
      </>
    );
  }
  return (
    <>
      <span className="lone-icon">
        <Icon name="sync" spinning />
      </span>
      <h2>Your stars are being read</h2>
      <p role="status">
        {walk === null
          ? 'GitHub is asked for the list.'
          : `Page ${walk.page}${walk.pages === null ? '' : ` of ${walk.pages}`}.`}
      </p>
    </>
  );
}
