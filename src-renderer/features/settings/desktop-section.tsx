/** @file Settings of the desktop program itself, each saved as soon as it is changed. */
import { useId } from 'react';
import type { DesktopView } from '../../../src-preload/contract/desktop-views.ts';
import type { CallInput } from '../../../src-preload/contract/schema.ts';
import { useClient } from '../../connection/client-context.tsx';
import { type Actions, useActions } from '../../connection/use-actions.ts';
import { Notice } from '../../ui/notice.tsx';
import { Section } from '../../ui/pieces.tsx';
import { DesktopEngine } from './desktop-engine.tsx';
import { DesktopSecrets } from './desktop-secrets.tsx';
import { DesktopSwitch } from './desktop-switch.tsx';
import { describeLogin, notificationWords } from './desktop-words.ts';

interface PartProps {
  readonly desktop: DesktopView;
  readonly actions: Actions;
  readonly set: (key: string, change: CallInput<'desktop.set'>) => void;
}

export function DesktopSection({ desktop }: { readonly desktop: DesktopView }) {
  const client = useClient();
  const actions = useActions();
  const set: PartProps['set'] = (key, change) =>
    actions.run(key, async () => {
      await client.call('desktop.set', change);
      return null;
    });
  const part = { desktop, actions, set };
  return (
    <>
      <Section title="This program">
        <div className="settings-rows">
          <DesktopEngine desktop={desktop} />
          <DesktopSecrets secrets={desktop.secrets} />
          <LoginRow {...part} />
          <OpeningRows {...part} />
          <WorkRows {...part} />
        </div>
        <Notice actions={actions} />
      </Section>
      <Section title="Notifications">
        <div className="settings-rows">
          <NotificationRows {...part} />
        </div>
      </Section>
    </>
  );
}

function LoginRow({ desktop: { login, platform }, actions }: PartProps) {
  const client = useClient();
  const change = async (isOn: boolean): Promise<string | null> => {
    const now = await client.call('desktop.setLogin', { isOn });
    return isOn && now.state !== 'on' ? describeLogin(now, platform) : null;
  };
  return (
    <DesktopSwitch
      label="Start at login"
      line="epicstar starts with your session, in the tray, without a window."
      isOn={login.state === 'on'}
      isDefault={false}
      isBusy={actions.busy.has('login')}
      isOff={login.state === 'unavailable'}
      remark={describeLogin(login, platform)}
      onChange={(isOn) => actions.run('login', () => change(isOn))}
    />
  );
}

function OpeningRows({ desktop, actions, set }: PartProps) {
  const id = useId();
  const { startsHidden, opensAs, canPlacePopup } = desktop;
  return (
    <>
      <DesktopSwitch
        label="Start without a window"
        line="Whoever starts it finds epicstar in the tray. Once it runs, a second start opens the window."
        isOn={startsHidden}
        isDefault={false}
        isBusy={actions.busy.has('startsHidden')}
        onChange={(isOn) => set('startsHidden', { startsHidden: isOn })}
      />
      <div className="setting">
        <div className="setting-words">
          <label className="field-label" htmlFor={id}>
            A click on the tray icon opens
          </label>
          <p id={`${id}-line`} className="field-hint">
            A small window beside the icon, or the full one. The menu of the icon can open the full one either way.
          </p>
        </div>
        <div className="setting-control">
          <select
            id={id}
            className="input"
            value={opensAs}
            aria-describedby={`${id}-line ${id}-foot`}
            onChange={(event) => set('opensAs', { opensAs: event.target.value === 'window' ? 'window' : 'popup' })}
          >
            <option value="popup">The small window</option>
            <option value="window">The full window</option>
          </select>
          <div id={`${id}-foot`} className="field-words">
            {!canPlacePopup && (
              <p className="field-hint">
                This desktop does not say where the icon is, so a click opens the full window whatever is chosen.
              </p>
            )}
            <p className="field-hint">Default: the small window</p>
          </div>
        </div>
      </div>
    </>
  );
}

/** An engine elsewhere has a power supply and a network of its own. */
function WorkRows({ desktop: { engine, worksOnBattery, isMetered }, actions, set }: PartProps) {
  if (engine.address !== null) return null;
  return (
    <>
      <DesktopSwitch
        label="Work on battery"
        line="Off: on battery only what you ask for is mirrored, and the rest once it is plugged in."
        isOn={worksOnBattery}
        isDefault={false}
        isBusy={actions.busy.has('worksOnBattery')}
        onChange={(isOn) => set('worksOnBattery', { worksOnBattery: isOn })}
      />
      <DesktopSwitch
        label="This network is metered"
        line="On: only what you ask for is mirrored. Forgotten when epicstar ends, since the next network may not be."
        isOn={isMetered}
        isDefault={false}
        isBusy={actions.busy.has('isMetered')}
        onChange={(isOn) => set('isMetered', { isMetered: isOn })}
      />
    </>
  );
}

function NotificationRows({ desktop, actions, set }: PartProps) {
  return desktop.notifications.map(({ kind, isOn }) => (
    <DesktopSwitch
      key={kind}
      {...notificationWords[kind]}
      isOn={isOn}
      isDefault
      isBusy={actions.busy.has(kind)}
      onChange={(wished) => set(kind, { notifications: [{ kind, isOn: wished }] })}
    />
  ));
}
