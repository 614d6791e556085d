/** @file Everything that can be set. */
import type { SetupView } from '../../../src-preload/contract/setup-views.ts';

interface SettingsPageProps {
  /** False: there is no connection, and nothing can be pressed. */
  readonly isLive: boolean;
  readonly setup: SetupView;
}

export function SettingsPage({ isLive, setup }: SettingsPageProps) {
  return <main className={isLive ? 'page' : 'page page-old'} aria-label="Settings" data-step={setup.step} />;
}
