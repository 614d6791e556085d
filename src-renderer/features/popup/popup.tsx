/**
 * @file What stands in the small window by the tray icon: how it goes, what needs the person, what is in work and what
 * happened last. Everything more is in the full window, where every link of it leads.
 */
import { type ReactNode, useEffect, useRef } from 'react';
import { Router } from 'wouter';
import type { OverviewView } from '../../../src-preload/contract/views.ts';
import { useClient } from '../../connection/client-context.tsx';
import { type Actions, useActions } from '../../connection/use-actions.ts';
import { LinkButton } from '../../ui/link-button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { PopupNeeds } from './popup-needs.tsx';
import { PopupRuns } from './popup-runs.tsx';
import { PopupState } from './popup-state.tsx';
import { PopupWork } from './popup-work.tsx';

interface PopupProps {
  /** Null: not known yet, or not any more. */
  readonly overview: OverviewView | null;
  /** False: what is shown is old, and nothing can be pressed. */
  readonly isLive: boolean;
  /** Above all else. */
  readonly banner: ReactNode;
  /** In the place of all while nothing is known. */
  readonly unknown: ReactNode;
}

export function Popup({ overview, isLive, banner, unknown }: PopupProps) {
  const actions = useActions();
  const body = useRef<HTMLDivElement>(null);
  useLeaveByEscape(actions);
  useTopWhenShown(body);
  return (
    <LinksToWindow actions={actions}>
      <div className="popup">
        {banner}
        <div className="popup-body" ref={body}>
          {overview === null ? (
            unknown
          ) : (
            <main className={isLive ? 'popup-page' : 'popup-page page-old'}>
              <PopupState overview={overview} actions={actions} isLive={isLive} />
              <Notice actions={actions} />
              <PopupNeeds overview={overview} />
              <PopupWork overview={overview} />
              <PopupRuns jobs={overview.totals.jobs} isLive={isLive} />
            </main>
          )}
        </div>
        <nav className="popup-foot" aria-label="Full window">
          <LinkButton href="/" label="Open epicstar" icon="arrow" />
          <LinkButton href="/settings" label="Settings" icon="settings" />
        </nav>
      </div>
    </LinksToWindow>
  );
}

/** Outside of the desktop program there is no other window, and links lead where they say. */
function LinksToWindow({ actions, children }: { readonly actions: Actions; readonly children: ReactNode }) {
  const client = useClient();
  if (window.epicstarLink === undefined) return children;
  const open = (place: string): void =>
    actions.run('open', async () => {
      await client.call('desktop.openPlace', { place });
      return null;
    });
  return <Router aroundNav={(_navigate, place) => open(place)}>{children}</Router>;
}

/** What is open inside of the popup, such as a menu, takes the first Escape. */
function useLeaveByEscape({ run }: Actions): void {
  const client = useClient();
  useEffect(() => {
    if (window.epicstarLink === undefined) return undefined;
    const leave = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape' || event.defaultPrevented) return;
      run('leave', async () => {
        await client.call('desktop.hidePopup');
        return null;
      });
    };
    document.addEventListener('keydown', leave);
    return () => document.removeEventListener('keydown', leave);
  }, [client, run]);
}

/** Whoever opens it sees the state first, wherever it was left. */
function useTopWhenShown(body: { readonly current: HTMLElement | null }): void {
  useEffect(() => {
    const toTop = (): void => {
      if (document.visibilityState === 'visible') body.current?.scrollTo(0, 0);
    };
    document.addEventListener('visibilitychange', toTop);
    return () => document.removeEventListener('visibilitychange', toTop);
  }, [body]);
}
