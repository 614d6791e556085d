/** @file Mirrors that the place holds already, said before anything is chosen. */
import { countOf } from '../../../src-preload/contract/words.ts';
import { useTopic } from '../../connection/client-context.tsx';
import { Callout } from '../../ui/callout.tsx';

export function FoundNote() {
  const rebuilt = useTopic('overview')?.rebuilt ?? null;
  if (rebuilt === null) return null;
  const { mirrors, address } = rebuilt;
  return (
    <Callout
      kind="done"
      title={
        <>
          {countOf(mirrors, 'mirror')} found on <bdi>{address}</bdi>
        </>
      }
    >
      <p>
        Work goes on from {mirrors === 1 ? 'it' : 'them'}: both ends are compared, and only what is new is fetched from
        GitHub. If another epicstar still works on this place, end one of the two.
      </p>
    </Callout>
  );
}
