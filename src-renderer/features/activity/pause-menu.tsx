/** @file Pausing: until resumed, for an hour, until tomorrow morning. */
import { useClient } from '../../connection/client-context.tsx';
import type { Actions } from '../../connection/use-actions.ts';
import { Button } from '../../ui/button.tsx';
import { MenuButton } from '../../ui/menu.tsx';

const hourMs = 60 * 60 * 1_000;
const morningHour = 8;

function inOneHour(): number {
  return Date.now() + hourMs;
}

/** Eight o'clock of the next day, in the time zone of this window. */
function tomorrowMorning(): number {
  const day = new Date();
  return new Date(day.getFullYear(), day.getMonth(), day.getDate() + 1, morningHour).getTime();
}

export function PauseMenu({ actions, isLive }: { readonly actions: Actions; readonly isLive: boolean }) {
  const client = useClient();
  const isBusy = actions.busy.has('pause');
  const pause = (makeUntil: () => number | null) => () =>
    actions.run('pause', async () => {
      await client.call('pause.set', { until: makeUntil() });
      return null;
    });
  return (
    <span className="split" role="group" aria-label="Pause">
      <Button label="Pause" icon="pause" isOff={!isLive} isBusy={isBusy} onPress={pause(() => null)} />
      <MenuButton
        label="Choose for how long"
        icon={null}
        isOff={!isLive || isBusy}
        items={[
          { label: 'Until I resume', onPress: pause(() => null) },
          { label: 'For 1 hour', onPress: pause(inOneHour) },
          { label: 'Until tomorrow, 8:00', onPress: pause(tomorrowMorning) },
        ]}
      />
    </span>
  );
}
