/** @file A clean quit, whoever asked for it: menu, signal or the end of the session. */
import type { SetTimer } from '../../src-preload/contract/client.ts';
import type { ElectronApi } from './electron-api.ts';

export interface QuitOptions {
  readonly setTimer: SetTimer;
  readonly log: { warn(message: string, fields?: Readonly<Record<string, unknown>>): void };
  /** Windows that are asked to close now have to. */
  readonly onQuitting: () => void;
  readonly close: () => Promise<void>;
}

const limitMs = 9_000;

/** Ends the process when `close` has ended, or after 9 s. */
export function quitWithin(app: Pick<ElectronApi['app'], 'on' | 'exit'>, options: QuitOptions): void {
  let isClosing = false;
  app.on('before-quit', options.onQuitting);
  app.on('will-quit', (event) => {
    event.preventDefault();
    if (isClosing) return;
    isClosing = true;
    const stopTimer = options.setTimer(limitMs, () => {
      options.log.warn('the engine did not end in time');
      app.exit(0);
    });
    const end = async (): Promise<void> => {
      try {
        await options.close();
      } catch (error) {
        options.log.warn('the engine did not end cleanly', { error });
      }
      stopTimer();
      app.exit(0);
    };
    void end();
  });
}
