/**
 * @file Windows on the contract over IPC. Each page that was loaded has one session; a page that is loaded again, or is
 * gone, loses it. A message of anybody but the main frame of one of our own windows is refused.
 */
import type { IpcMainEvent, WebContents } from 'electron';
import type { ElectronApi } from './electron-api.ts';
import { ipcChannels } from './ipc-channels.ts';
import type { Link, LinkSession } from './link.ts';
import { isWindowAddress } from './window-address.ts';

export interface WindowSessionsOptions {
  readonly ipcMain: ElectronApi['ipcMain'];
  readonly link: Link;
  readonly log: { warn(message: string, fields?: Readonly<Record<string, unknown>>): void };
}

export class WindowSessions {
  readonly #options: WindowSessionsOptions;
  readonly #sessions = new Map<WebContents, LinkSession | null>();

  constructor(options: WindowSessionsOptions) {
    this.#options = options;
    options.ipcMain.on(ipcChannels.hello, (event) => {
      if (this.#isOurs(event)) this.#open(event.sender);
    });
    options.ipcMain.on(ipcChannels.message, (event, text: unknown) => {
      if (this.#isOurs(event) && typeof text === 'string') this.#sessions.get(event.sender)?.receive(text);
    });
  }

  /** From now on this window may speak. */
  admit(contents: WebContents): void {
    this.#sessions.set(contents, null);
    contents.once('destroyed', () => {
      this.#sessions.get(contents)?.close();
      this.#sessions.delete(contents);
    });
  }

  close(): void {
    for (const [contents, session] of this.#sessions) {
      session?.close();
      this.#sessions.set(contents, null);
    }
    this.#options.ipcMain.removeAllListeners(ipcChannels.hello);
    this.#options.ipcMain.removeAllListeners(ipcChannels.message);
  }

  #open(contents: WebContents): void {
    this.#sessions.get(contents)?.close();
    const send = (channel: string, words: string): void => {
      if (!contents.isDestroyed()) contents.send(channel, words);
    };
    const session = this.#options.link.connect({
      send: (text) => send(ipcChannels.message, text),
      status: (status) => send(ipcChannels.status, status),
      // Electron queues what is sent between its processes and does not tell how much.
      isReady: () => !contents.isDestroyed(),
    });
    this.#sessions.set(contents, session);
  }

  #isOurs(event: IpcMainEvent): boolean {
    const { sender, senderFrame } = event;
    const isMainFrame = senderFrame !== null && senderFrame.parent === null && isWindowAddress(senderFrame.url);
    if (this.#sessions.has(sender) && isMainFrame) return true;
    this.#options.log.warn('a message of a page that is not ours was refused', { url: senderFrame?.url ?? null });
    return false;
  }
}
