/** @file Offers the restart with which another engine is worked with. */
import type { EngineView } from '../../../src-preload/contract/desktop-views.ts';
import { useClient } from '../../connection/client-context.tsx';
import { useActions } from '../../connection/use-actions.ts';
import { Button } from '../button.tsx';
import { Callout } from '../callout.tsx';
import { Notice } from '../notice.tsx';

/** Nothing where the next start would be like this one. */
export function RestartCallout({ engine }: { readonly engine: EngineView }) {
  const client = useClient();
  const actions = useActions();
  if (!engine.needsRestart) return null;
  const restart = async (): Promise<null> => {
    await client.call('desktop.restart');
    return null;
  };
  return (
    <Callout kind="info" title="Restart epicstar to change over">
      <p>
        From the next start: <EngineName address={engine.nextAddress} />
      </p>
      <div className="buttons">
        <Button
          label="Restart epicstar"
          icon="retry"
          isBusy={actions.busy.has('restart')}
          onPress={() => actions.run('restart', restart)}
        />
      </div>
      <Notice actions={actions} />
    </Callout>
  );
}

export function EngineName({ address }: { readonly address: string | null }) {
  if (address === null) return <>the engine of this computer</>;
  return (
    <>
      the engine at{' '}
      <strong>
        <bdi>{address}</bdi>
      </strong>
    </>
  );
}
