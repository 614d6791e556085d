/** @file A clean quit, whoever asked for it: menu, signal or the end of the session. */
import type { SetTimer } from '../../src-preload/contract/client.ts';
import type { ElectronApi } from './electron-api.ts';

export interface QuitOptions {
  readonly setTimer: SetTimer;
  readonly log: { warn(message: string, fields?: Readonly<Record<string, unknown>>): void };
  /** Windows that are asked to close now have to. */
  readonly onQuitting: () => void;
  readonly close: () => Promise<void>;
  /** The very last, when all has ended. @returns true: something else ends the process now, soon */
  readonly leave?: () => boolean;
  /** Whatever `leave` had to say is written before the process ends; it is given a second. */
  readonly afterLeave?: () => Promise<void>;
}

const limitMs = 9_000;
const afterLeaveLimitMs = 1_000;
/** An installer may still have to unpack before it takes over. */
const leaveLimitMs = 60_000;

/** Ends the process when `close` has ended, or after 9 s; then `leave` has the last word. */
export function quitWithin(app: Pick<ElectronApi['app'], 'on' | 'exit'>, options: QuitOptions): void {
  let isClosing = false;
  let isLeaving = false;
  const isLeft = (): boolean => {
    try {
      return options.leave?.() === true;
    } catch (error) {
      options.log.warn('the end did not go as it should', { error });
      return false;
    }
  };
  const leave = (): void => {
    if (isLeaving) return;
    isLeaving = true;
    const isLeftToOthers = isLeft();
    const exit = (): void => {
      if (isLeftToOthers) options.setTimer(leaveLimitMs, () => app.exit(0));
      else app.exit(0);
    };
    if (options.afterLeave === undefined) {
      exit();
      return;
    }
    const stopTimer = options.setTimer(afterLeaveLimitMs, exit);
    const write = async (): Promise<void> => {
      // Nobody is left to be told of a log that cannot be closed.
      await options.afterLeave?.().catch(() => undefined);
      stopTimer();
      exit();
    };
    void write();
  };
  app.on('before-quit', options.onQuitting);
  app.on('will-quit', (event) => {
    if (isLeaving) return;
    event.preventDefault();
    if (isClosing) return;
    isClosing = true;
    const stopTimer = options.setTimer(limitMs, () => {
      options.log.warn('the engine did not end in time');
      leave();
    });
    const end = async (): Promise<void> => {
      try {
        await options.close();
      } catch (error) {
        options.log.warn('the engine did not end cleanly', { error });
      }
      stopTimer();
      leave();
    };
    void end();
  });
}
