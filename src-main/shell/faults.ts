/** @file What nobody caught: written down, and never left standing as a dialog that stops everything behind it. */

export interface FaultWatch {
  readonly process: {
    on(event: 'uncaughtException' | 'unhandledRejection', listener: (error: unknown) => void): unknown;
    /** Seconds since the start. */
    uptime(): number;
  };
  readonly log: { error(message: string, fields?: Readonly<Record<string, unknown>>): void };
  /** Ends cleanly and starts anew: what was under way is taken up again. */
  readonly restart: () => void;
  /** Tells the person and ends. */
  readonly giveUp: (error: unknown) => void;
}

/** A program that fails so soon would fail again and again. */
const soonS = 60;

/** After something unforeseen the state of the process is not to be trusted, but that on disk is: it starts anew. */
export function watchFaults({ process, log, restart, giveUp }: FaultWatch): void {
  let isOver = false;
  process.on('uncaughtException', (error) => {
    log.error('a fault of our own that nothing caught', { error });
    if (isOver) return;
    isOver = true;
    if (process.uptime() < soonS) giveUp(error);
    else restart();
  });
  // Whatever waited for it got no answer; the rest is as it was.
  process.on('unhandledRejection', (error) => log.error('a failure that nobody waited for', { error }));
}
