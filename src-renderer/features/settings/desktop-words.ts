/** @file The desktop's own settings in words. Pure. */
import type { LoginView, NotificationKind } from '../../../src-preload/contract/desktop-views.ts';

export interface SettingWords {
  readonly label: string;
  /** What it does, in one line. */
  readonly line: string;
}

/** Each is on unless it is switched off. */
export const notificationWords: Readonly<Record<NotificationKind, SettingWords>> = {
  'needs-you': { label: 'Something needs you', line: 'A sign-in ran out, a right is missing, git is not there.' },
  disk: { label: 'The disk is full', line: 'Mirroring waits until there is room.' },
  'rewrite-caught': {
    label: 'Upstream rewrote history',
    line: 'What was there before is kept in your mirror.',
  },
  'upstream-gone': { label: 'A repository is gone', line: 'Deleted, blocked or emptied on GitHub; your mirror stays.' },
  asks: { label: 'A large repository asks', line: 'It waits for your word before it is mirrored.' },
  'first-success': { label: 'All stars are safe for the first time', line: 'Once, when the first run is over.' },
  'new-stars': { label: 'New stars are safe', line: 'Grouped, at most once an hour.' },
  'failed-again': { label: 'A repository keeps failing', line: 'Not the first time, which is tried again by itself.' },
};

/** What the start at login is like now, where the box alone does not tell. */
export function describeLogin(login: LoginView, platform: string): string | null {
  switch (login.state) {
    case 'on':
    case 'off':
      return null;
    case 'off-by-system':
      return `It is set, but switched off in ${settingsOf(platform)}. Switch it on there, or here once more.`;
    case 'unavailable':
      return `It cannot be switched here. ${login.why}`;
  }
}

function settingsOf(platform: string): string {
  if (platform === 'darwin') return 'System Settings, General, Login Items';
  return platform === 'win32' ? 'the Task Manager, Startup apps' : 'the autostart settings of your desktop';
}
