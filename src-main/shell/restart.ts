/** @file The program ends and starts itself again, as it was started. */
import { appImagePath } from './autostart.ts';
import type { ElectronApi } from './electron-api.ts';

export interface RestartOptions {
  readonly app: Pick<ElectronApi['app'], 'relaunch' | 'quit'>;
  /** Of this process: what is started inherits it. */
  readonly env: Record<string, string | undefined>;
  /** Variables that were taken out of `env` and that the next start needs again. */
  readonly secrets: Readonly<Record<string, string | undefined>>;
  readonly execPath: string;
}

/** @returns begins to end the program and comes back at once; the other start waits for the end of this one */
export function createRestart({ app, env, secrets, execPath }: RestartOptions): () => void {
  let isAsked = false;
  return () => {
    if (isAsked) return;
    isAsked = true;
    // Electron starts what waits for the end right here, with the variables as they are now.
    Object.assign(env, secrets);
    // What an AppImage unpacks to is gone after the end.
    const image = appImagePath(env, execPath);
    app.relaunch(image === null ? undefined : { execPath: image });
    for (const name of Object.keys(secrets)) delete env[name];
    app.quit();
  };
}
