/** @file How each state looks and what a window in it is called, alike on every page. Pure. */
import type { Tone } from '../../src-preload/contract/views.ts';
import type { IconName } from './icon.tsx';

export const toneIcons: Readonly<Record<Tone, IconName>> = {
  idle: 'check',
  paused: 'pause',
  working: 'sync',
  error: 'alert',
  attention: 'alert',
  'signed-out': 'key',
  offline: 'offline',
};

export const toneTitles: Readonly<Record<Tone, string>> = {
  idle: 'epicstar',
  paused: 'Paused · epicstar',
  working: 'Mirroring · epicstar',
  error: 'Error · epicstar',
  attention: 'Needs you · epicstar',
  'signed-out': 'Signed out · epicstar',
  offline: 'Offline · epicstar',
};
