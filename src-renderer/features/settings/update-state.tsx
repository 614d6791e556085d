/** @file How far an update is, and the press that leads on. */
import type { ComponentProps, ReactNode } from 'react';
import type { DesktopUpdatesView } from '../../../src-preload/contract/desktop-updates.ts';
import type { CallName } from '../../../src-preload/contract/schema.ts';
import { formatBytes } from '../../../src-preload/contract/words.ts';
import { useClient } from '../../connection/client-context.tsx';
import { type Actions, useActions } from '../../connection/use-actions.ts';
import { Button } from '../../ui/button.tsx';
import { Callout } from '../../ui/callout.tsx';
import { Disclosure } from '../../ui/disclosure.tsx';
import { Notice } from '../../ui/notice.tsx';
import { TimeAgo } from '../../ui/pieces.tsx';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import { NotesText } from './update-notes.tsx';

type State = DesktopUpdatesView['state'];

export function UpdateState({
  updates: { state, lastLookedAt },
  version,
}: {
  readonly updates: DesktopUpdatesView;
  readonly version: string;
}) {
  const actions = useActions();
  return (
    <section className="place" aria-label="Version">
      <div className="place-words">
        <p>
          epicstar <bdi>{version}</bdi>
        </p>
        <Words state={state} />
        {lastLookedAt !== null && (
          <p className="field-hint">
            Looked for updates <TimeAgo at={lastLookedAt} />.
          </p>
        )}
        <Notice actions={actions} />
      </div>
      <Presses state={state} actions={actions} />
    </section>
  );
}

function Words({ state }: { readonly state: State }): ReactNode {
  switch (state.kind) {
    case 'unsupported':
      return (
        <p className="field-hint">
          {state.why} {state.nextStep}
        </p>
      );
    case 'off':
      return <p className="field-hint">It does not look for newer versions.</p>;
    case 'idle':
      return <p className="field-hint">It looks for newer versions by itself, once a day.</p>;
    case 'looking':
      return (
        <p className="field-hint" role="status">
          Looking for a newer version
        </p>
      );
    case 'current':
      return (
        <p className="field-hint" role="status">
          There is nothing newer. The newest there is <bdi>{state.newest}</bdi>.
        </p>
      );
    case 'available':
      return (
        <Callout kind="info" title={<>Version {<bdi>{state.version}</bdi>} is there</>}>
          <p className="field-hint">
            {state.sizeBytes === null ? 'It is' : `A download of up to ${formatBytes(state.sizeBytes)}, which is`} put
            in place when epicstar ends.
          </p>
          <Notes {...state} />
        </Callout>
      );
    case 'downloading': {
      const text = `${state.percent} %`;
      return (
        <div className="update-progress">
          <p>
            Downloading version <bdi>{state.version}</bdi>: {text}
          </p>
          <ProgressBar label={`Download of version ${state.version}`} fraction={state.percent / 100} text={text} />
        </div>
      );
    }
    case 'ready':
      return (
        <Callout kind="done" title={<>Version {<bdi>{state.version}</bdi>} is ready</>}>
          <p className="field-hint">
            It is put in place when epicstar ends, or now by a restart. What is being mirrored then goes on afterwards.
          </p>
          <Notes {...state} />
        </Callout>
      );
    case 'failed':
      return (
        // Looking happens by itself; what a person asked for is said aloud.
        <Callout kind={state.doing === 'look' ? 'warning' : 'failed'} title={failureTitle(state)}>
          <p className="field-hint">
            {state.reason} {state.nextStep}
          </p>
        </Callout>
      );
  }
}

function Notes({ version, notes }: { readonly version: string; readonly notes: string | null }) {
  if (notes === null) return <p className="field-hint">It came without words on what is new.</p>;
  return (
    <Disclosure summary={`What is new in ${version}`}>
      <NotesText text={notes} />
    </Disclosure>
  );
}

function failureTitle({ doing, version }: State & { readonly kind: 'failed' }): string {
  switch (doing) {
    case 'look':
      return 'It is not known whether there is a newer version';
    case 'download':
      return `Version ${version ?? ''} could not be downloaded`;
    case 'install':
      return 'The update did not work';
  }
}

type UpdateCall = Extract<CallName, 'desktop.lookForUpdate' | 'desktop.downloadUpdate' | 'desktop.installUpdate'>;

function Presses({ state, actions }: { readonly state: State; readonly actions: Actions }) {
  const client = useClient();
  const ask = (call: UpdateCall): void =>
    actions.run('update', async () => {
      await client.call(call);
      return null;
    });
  const isBusy = actions.busy.has('update');
  switch (state.kind) {
    case 'unsupported':
    case 'off':
    case 'downloading':
      return null;
    case 'idle':
    case 'current':
    case 'looking':
      return (
        <OnlyButton
          label="Look now"
          icon="search"
          isBusy={isBusy || state.kind === 'looking'}
          onPress={() => ask('desktop.lookForUpdate')}
        />
      );
    case 'available':
      return (
        <OnlyButton
          label="Download it"
          icon="download"
          kind="primary"
          isBusy={isBusy}
          onPress={() => ask('desktop.downloadUpdate')}
        />
      );
    case 'ready':
      return (
        <OnlyButton
          label="Restart to update"
          icon="retry"
          kind="primary"
          isBusy={isBusy}
          onPress={() => ask('desktop.installUpdate')}
        />
      );
    case 'failed': {
      const isDownload = state.doing === 'download';
      return (
        <div className="buttons">
          {isDownload && (
            <Button label="Try again" icon="download" isBusy={isBusy} onPress={() => ask('desktop.downloadUpdate')} />
          )}
          <Button label="Look again" icon="search" isBusy={isBusy} onPress={() => ask('desktop.lookForUpdate')} />
        </div>
      );
    }
  }
}

function OnlyButton(props: ComponentProps<typeof Button>) {
  return (
    <div className="buttons">
      <Button {...props} />
    </div>
  );
}
