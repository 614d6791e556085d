/** @file Pausing: until resumed, for an hour, until tomorrow morning. */
import { useClient } from '../../connection/client-context.tsx';
import type { Actions } from '../../connection/use-actions.ts';
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
  const pause = (makeUntil: () => number | null) => () =>
    actions.run('pause', async () => {
      await client.call('pause.set', { until: makeUntil() });
      return null;
    });
  return (
    <MenuButton
      label="Pause"
      icon="pause"
      isOff={!isLive || actions.busy.has('pause')}
      items={[
        { label: 'Until I resume', onPress: pause(() => null) },
        { label: 'For 1 hour', onPress: pause(inOneHour) },
        { label: 'Until tomorrow, 8:00', onPress: pause(tomorrowMorning) },
      ]}
    />
  );
}
