/** @file Opens the program for one command, and ends it with the command, however that goes. */
import type { Application, ApplicationHost, OpenOptions, Terminal } from './application.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';

export interface CommandOptions {
  readonly dataDir: string | undefined;
  /** One document on stdout: the log goes to stderr as it is set. */
  readonly json: boolean;
}

export async function withApplication(
  host: ApplicationHost,
  { dataDir, json }: CommandOptions,
  how: Pick<OpenOptions, 'mode' | 'mayLackTarget'>,
  work: (application: Application) => Promise<ExitCode>,
): Promise<ExitCode> {
  const application = await host.open({ ...how, dataDir, stderrLog: json ? 'configured' : 'warnings' });
  try {
    return await work(application);
  } finally {
    await application.close();
  }
}

/** The same for work that takes long: an interrupt ends it, and is its exit code. */
export function untilInterrupted(
  host: ApplicationHost,
  { interrupted, err }: Pick<Terminal, 'interrupted' | 'err'>,
  options: CommandOptions & { readonly dryRun: boolean },
  work: (application: Application) => Promise<ExitCode>,
): Promise<ExitCode> {
  return withApplication(host, options, { mode: options.dryRun ? 'dry-run' : 'work' }, async (application) => {
    const stop = (): void => {
      // The awaited work below rejects or resolves once the engine has stopped; `close` is called again after it.
      application.close().catch((error: unknown) => err(String(error)));
    };
    interrupted.addEventListener('abort', stop, { once: true });
    try {
      return await work(application);
    } catch (error) {
      if (interrupted.aborted) return exitCodes.interrupted;
      throw error;
    } finally {
      interrupted.removeEventListener('abort', stop);
    }
  });
}
