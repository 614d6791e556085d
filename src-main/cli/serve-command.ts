/** @file `epicstar serve`: engine and window for the browser, in the foreground. */
import type { ApplicationHost, Terminal } from './application.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';

export interface ServeCommandOptions {
  readonly dataDir: string | undefined;
  readonly host: string;
  readonly port: number;
  readonly open: boolean;
  readonly json: boolean;
}

/** Resolves once everything has ended after the person or the system asked for it. */
export async function serve(
  host: ApplicationHost,
  terminal: Terminal,
  options: ServeCommandOptions,
): Promise<ExitCode> {
  const application = await host.open({
    dataDir: options.dataDir,
    mode: 'work',
    stderrLog: 'configured',
    mayLackTarget: true,
  });
  try {
    const served = await application.serve({ host: options.host, port: options.port });
    try {
      await application.engine.start();
      if (options.json) terminal.out(JSON.stringify({ url: served.url, urlWithToken: served.urlWithToken }));
      else {
        terminal.out(`The window: ${served.urlWithToken}`);
        terminal.out(`Data are kept in ${application.dataDir}. Ctrl+C ends it.`);
      }
      if (options.open) await openWindow(host, terminal, served.urlWithToken);
      await aborted(terminal.interrupted);
    } finally {
      await served.close();
    }
    return exitCodes.well;
  } finally {
    await application.close();
  }
}

async function openWindow(host: ApplicationHost, terminal: Terminal, url: string): Promise<void> {
  try {
    await host.openInBrowser(url);
  } catch {
    terminal.err('No browser could be opened here; open the address above yourself.');
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
