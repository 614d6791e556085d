/** @file Which engine this program works with, now and after the next start. */
import { useState } from 'react';
import type { DesktopView, EngineView } from '../../../src-preload/contract/desktop-views.ts';
import { useClient } from '../../connection/client-context.tsx';
import { useActions } from '../../connection/use-actions.ts';
import { Button } from '../../ui/button.tsx';
import { Callout } from '../../ui/callout.tsx';
import { AttachDialog } from '../../ui/desktop/attach-dialog.tsx';
import { Notice } from '../../ui/notice.tsx';

export function DesktopEngine({ desktop }: { readonly desktop: DesktopView }) {
  const client = useClient();
  const actions = useActions();
  const [isChanging, setIsChanging] = useState(false);
  const { engine } = desktop;
  const restart = async (): Promise<null> => {
    await client.call('desktop.restart');
    return null;
  };
  return (
    <section className="place" aria-label="Engine">
      <div className="place-words">
        <h3 className="place-title">Engine</h3>
        <p>
          <Where address={engine.address} />
        </p>
        <p className="field-hint">What watches your stars and mirrors them. Default: the one of this computer.</p>
        <TokenWords engine={engine} />
        {engine.fixedBy !== null && (
          <p className="field-hint">Decided by the {engine.fixedBy}, and not changed here.</p>
        )}
        {engine.failure !== null && (
          <Callout kind="failed" title="It could not be reached at all">
            <p>
              <bdi>{engine.failure}</bdi>
            </p>
          </Callout>
        )}
        {mayRestart(engine) && (
          <Callout kind="info" title="Restart epicstar to change over">
            <p>
              From the next start: <Where address={engine.nextAddress} />
            </p>
            <div className="buttons">
              <Button
                label="Restart epicstar"
                icon="retry"
                isBusy={actions.busy.has('restart')}
                onPress={() => actions.run('restart', restart)}
              />
            </div>
          </Callout>
        )}
        <Notice actions={actions} />
      </div>
      {engine.fixedBy === null && (
        <div className="buttons">
          <Button label="Change" of="Engine" icon="arrow" onPress={() => setIsChanging(true)} />
        </div>
      )}
      <AttachDialog desktop={desktop} isOpen={isChanging} onClose={() => setIsChanging(false)} />
    </section>
  );
}

/** A token that was missing, or another address, acts with the next start alone. */
function mayRestart({ address, nextAddress, failure, tokenFrom }: EngineView): boolean {
  return address !== nextAddress || (failure !== null && tokenFrom !== null);
}

function Where({ address }: { readonly address: string | null }) {
  if (address === null) return <>The engine of this computer</>;
  return (
    <>
      The engine at{' '}
      <strong>
        <bdi>{address}</bdi>
      </strong>
    </>
  );
}

function TokenWords({ engine: { address, nextAddress, tokenFrom } }: { readonly engine: EngineView }) {
  if (address === null && nextAddress === null) return null;
  if (tokenFrom === null) return <p className="field-problem">Its token is still missing.</p>;
  return (
    <p className="field-hint">
      Token: <bdi>{tokenFrom}</bdi>.
    </p>
  );
}
