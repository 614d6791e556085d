/** @file When a hidden window has been hidden for so long that its page is not worth its memory any more. */
import type { BrowserWindow } from 'electron';
import type { SetTimer } from '../../src-preload/contract/client.ts';

/** A page costs some 60 MB; made anew it is there within a second. */
const unwantedAfterMs = 30 * 60_000;

/**
 * Calls `letGo` half an hour after the window was hidden, unless it was shown since or is gone.
 *
 * @returns ends it
 */
export function watchUnwanted(window: BrowserWindow, setTimer: SetTimer, letGo: () => void): () => void {
  let stopTimer: (() => void) | null = null;
  const stop = (): void => stopTimer?.();
  window.on('hide', () => {
    stop();
    stopTimer = setTimer(unwantedAfterMs, () => {
      if (!window.isDestroyed() && !window.isVisible()) letGo();
    });
  });
  window.on('show', stop);
  window.on('closed', stop);
  return stop;
}
