/** @file Pausing: until resumed, for an hour, until tomorrow morning. */
import { type PauseLength, pauseEnd } from '../../src-preload/contract/pause-end.ts';
import { useClient } from '../connection/client-context.tsx';
import type { Actions } from '../connection/use-actions.ts';
import { Button } from './button.tsx';
import { MenuButton } from './menu.tsx';

export function PauseMenu({ actions, isLive }: { readonly actions: Actions; readonly isLive: boolean }) {
  const client = useClient();
  const isBusy = actions.busy.has('pause');
  const pause = (length: PauseLength) => () =>
    actions.run('pause', async () => {
      await client.call('pause.set', { until: pauseEnd(length, Date.now()) });
      return null;
    });
  return (
    <span className="split" role="group" aria-label="Pause">
      <Button label="Pause" icon="pause" isOff={!isLive} isBusy={isBusy} onPress={pause('resumed')} />
      <MenuButton
        label="Choose for how long"
        icon={null}
        isOff={!isLive || isBusy}
        items={[
          { label: 'Until I resume', onPress: pause('resumed') },
          { label: 'For 1 hour', onPress: pause('hour') },
          { label: 'Until tomorrow, 8:00', onPress: pause('tomorrow') },
        ]}
      />
    </span>
  );
}
