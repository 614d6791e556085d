/** @file What was made on OneDev with an administrator's help. */
import { Callout } from '../../ui/callout.tsx';

export function MadeThings({ made, isSaved }: { readonly made: readonly string[]; readonly isSaved: boolean }) {
  if (made.length === 0) return null;
  return (
    <Callout kind={isSaved ? 'done' : 'info'} title={isSaved ? 'Made on OneDev and saved' : 'Made on OneDev'}>
      <ul className="plain-list">
        {made.map((what) => (
          <li key={what}>
            <bdi>{what}</bdi>
          </li>
        ))}
      </ul>
    </Callout>
  );
}
