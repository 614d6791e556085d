/** @file Newer versions of the desktop program: what there is, what can be done about it, and what is new in this one. */
import { useId } from 'react';
import { type UpdateChannel, updateChannels } from '../../../src-preload/contract/desktop-updates.ts';
import type { DesktopView } from '../../../src-preload/contract/desktop-views.ts';
import { useClient } from '../../connection/client-context.tsx';
import { useActions } from '../../connection/use-actions.ts';
import { Notice } from '../../ui/notice.tsx';
import { Section } from '../../ui/pieces.tsx';
import { UpdateNotes } from './update-notes.tsx';
import { UpdateState } from './update-state.tsx';

export function UpdatesSection({ desktop: { updates, version } }: { readonly desktop: DesktopView }) {
  const { state, whatIsNew } = updates;
  return (
    <Section title="Updates">
      <div className="settings-rows">
        <UpdateState updates={updates} version={version} />
        {state.kind !== 'unsupported' && <ChannelRow channel={updates.channel} />}
        {whatIsNew !== null && <UpdateNotes key={whatIsNew.version} {...whatIsNew} />}
      </div>
    </Section>
  );
}

const channelWords: Readonly<Record<UpdateChannel, string>> = {
  stable: 'Finished versions',
  beta: 'Beta versions too',
  off: 'No updates',
};

function ChannelRow({ channel }: { readonly channel: UpdateChannel }) {
  const id = useId();
  const client = useClient();
  const actions = useActions();
  const choose = (wished: string): void => {
    const updateChannel = updateChannels.find((one) => one === wished);
    if (updateChannel === undefined) return;
    // One after the other may be chosen faster than they are answered.
    actions.run(updateChannel, async () => {
      await client.call('desktop.set', { updateChannel });
      return null;
    });
  };
  return (
    <div className="setting">
      <div className="setting-words">
        <label className="field-label" htmlFor={id}>
          Look for
        </label>
        <p id={`${id}-line`} className="field-hint">
          epicstar asks once a day and downloads nothing before you say so. Beta versions come earlier and may have
          faults. A version is never replaced by an older one.
        </p>
      </div>
      <div className="setting-control">
        <select
          id={id}
          className="input"
          value={channel}
          aria-describedby={`${id}-line`}
          onChange={(event) => choose(event.target.value)}
        >
          {updateChannels.map((one) => (
            <option key={one} value={one}>
              {channelWords[one]}
            </option>
          ))}
        </select>
        <Notice actions={actions} />
      </div>
    </div>
  );
}
