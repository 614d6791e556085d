/** @file The program ends and starts itself again, as it was started, but in sight: it is a person who asked for it. */
import { appImagePath, hiddenArgument } from './autostart.ts';
import type { ElectronApi } from './electron-api.ts';

export interface RestartOptions {
  readonly app: Pick<ElectronApi['app'], 'relaunch' | 'quit'>;
  /** Of this process: what is started inherits it. */
  readonly env: Record<string, string | undefined>;
  /** Variables that were taken out of `env` and that the next start needs again. */
  readonly secrets: Readonly<Record<string, string | undefined>>;
  readonly execPath: string;
  /** Of this process. */
  readonly argv: readonly string[];
}

/** @returns begins to end the program and comes back at once; the other start waits for the end of this one */
export function createRestart({ app, env, secrets, execPath, argv }: RestartOptions): () => void {
  let isAsked = false;
  return () => {
    if (isAsked) return;
    isAsked = true;
    // Electron starts what waits for the end right here, with the variables as they are now.
    Object.assign(env, secrets);
    // What an AppImage unpacks to is gone after the end.
    const image = appImagePath(env, execPath);
    // Told where to start, Electron hands on no argument by itself, such as the data directory.
    const args = argv.slice(1).filter((argument) => argument !== hiddenArgument);
    app.relaunch({ args, ...(image === null ? {} : { execPath: image }) });
    for (const name of Object.keys(secrets)) delete env[name];
    app.quit();
  };
}
