/** @file Which engine this program works with, now and after the next start. */
import { useState } from 'react';
import type { DesktopView, EngineView } from '../../../src-preload/contract/desktop-views.ts';
import { Button } from '../../ui/button.tsx';
import { AttachDialog } from '../../ui/desktop/attach-dialog.tsx';
import { EngineName, RestartCallout } from '../../ui/desktop/restart-callout.tsx';

export function DesktopEngine({ desktop }: { readonly desktop: DesktopView }) {
  const [isChanging, setIsChanging] = useState(false);
  const { engine } = desktop;
  return (
    <section className="place" aria-label="Engine">
      <div className="place-words">
        <h3 className="place-title">Engine</h3>
        <p>
          Works with <EngineName address={engine.address} />.
        </p>
        <p className="field-hint">What watches your stars and mirrors them. Default: the one of this computer.</p>
        <TokenWords engine={engine} />
        {engine.fixedBy !== null && (
          <p className="field-hint">Decided by the {engine.fixedBy}, and not changed here.</p>
        )}
        <RestartCallout engine={engine} />
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

function TokenWords({ engine: { address, nextAddress, tokenFrom } }: { readonly engine: EngineView }) {
  if (address === null && nextAddress === null) return null;
  if (tokenFrom === null) return <p className="field-problem">Its token is still missing.</p>;
  return (
    <p className="field-hint">
      Token: <bdi>{tokenFrom}</bdi>.
    </p>
  );
}
