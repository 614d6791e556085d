/** @file For whoever has an engine on another computer already, before anything is set up on this one. */
import { useState } from 'react';
import { useDesktop } from '../../connection/use-desktop.ts';
import { Button } from '../button.tsx';
import { Disclosure } from '../disclosure.tsx';
import { AttachDialog } from './attach-dialog.tsx';
import { RestartCallout } from './restart-callout.tsx';

/** Nothing in a browser, and where the address is decided outside. */
export function EngineElsewhereHint() {
  const desktop = useDesktop();
  const [isChanging, setIsChanging] = useState(false);
  if (desktop === null || desktop.engine.fixedBy !== null) return null;
  return (
    <Disclosure summary="Does epicstar run on a server or NAS already?">
      <p>This program can work with that engine instead of its own: the same tray, the same window.</p>
      <RestartCallout engine={desktop.engine} />
      <div className="buttons">
        <Button label="Work with another engine" icon="arrow" onPress={() => setIsChanging(true)} />
      </div>
      <AttachDialog desktop={desktop} isOpen={isChanging} onClose={() => setIsChanging(false)} />
    </Disclosure>
  );
}
