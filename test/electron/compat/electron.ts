/**
 * @file Electron 9 in the shape of a modern one, for the shell that is tested: what it lacks is put together from what
 * it has. Nothing here makes a refusal of the shell easier to get.
 */
import { PassThrough, Readable } from 'node:stream';
import electron, { type IpcMainEvent, type WebContents } from 'electron';
import type { ElectronApi } from '../../../src-main/shell/electron-api.ts';
import type { VaultElectron } from '../../../src-main/shell/vault.ts';
import { CompatResponse } from './response.ts';

type Handler = (request: { readonly url: string; readonly method: string }) => Promise<unknown>;

interface OldProtocol {
  registerStreamProtocol(
    scheme: string,
    handler: (request: { readonly url: string; readonly method: string }, answer: (response: object) => void) => void,
  ): void;
}

interface OldEvent {
  readonly sender: WebContents;
  readonly frameId: number;
  senderFrame?: { readonly url: string; readonly parent: object | null };
}

/** Routing ids of main frames, by the page they belong to. */
const mainFrames = new WeakMap<WebContents, number>();

/** What the shell made of the tray, for tests: Electron tells it nobody. */
export interface TrayRecord {
  readonly images: string[];
  tooltip: string;
  menu: Electron.Menu | null;
}

/** What a desktop does with the icon; the virtual one has no panel that does it. */
export interface IconRecord {
  /** Where it tells the icon to be; all zeros: it does not tell. */
  bounds: Electron.Rectangle;
  click: () => void;
}

export interface Observed {
  readonly tray: TrayRecord;
  readonly icon: IconRecord;
  /** Addresses that were handed to the system's browser. */
  readonly opened: string[];
  readonly warnings: string[];
}

export const observed: Observed = {
  tray: { images: [], tooltip: '', menu: null },
  icon: { bounds: { x: 0, y: 0, width: 0, height: 0 }, click: () => undefined },
  opened: [],
  warnings: [],
};

function adaptContents(contents: WebContents): void {
  contents.setWindowOpenHandler = (handler) => {
    const refuse = (event: Electron.Event, url: string, frameName: string): void => {
      event.preventDefault();
      handler({ url, frameName, features: '', disposition: 'new-window', referrer: { url: '', policy: 'default' } });
    };
    const on = contents.on.bind(contents) as (name: string, listener: typeof refuse) => void;
    on('new-window', refuse);
    // `window.open` of a page in the sandbox: before there is a window, as in a modern Electron.
    on('-will-add-new-contents', refuse);
  };
  contents.on('did-frame-navigate', (_event, _url, _code, _text, isMainFrame, _processId, routingId) => {
    if (isMainFrame) mainFrames.set(contents, routingId);
  });
}

function adaptIpc(): ElectronApi['ipcMain'] {
  const { ipcMain } = electron;
  const plainOn = ipcMain.on.bind(ipcMain);
  ipcMain.on = (channel: string, listener: (event: IpcMainEvent, ...args: unknown[]) => void) =>
    plainOn(channel, (event: IpcMainEvent, ...args: unknown[]) => {
      const old: OldEvent = event as unknown as OldEvent;
      const isMain = mainFrames.get(old.sender) === old.frameId;
      old.senderFrame = { url: old.sender.getURL(), parent: isMain ? null : {} };
      listener(event, ...args);
    });
  return ipcMain;
}

function adaptProtocol(): ElectronApi['protocol'] {
  const { protocol } = electron;
  const old = protocol as unknown as OldProtocol;
  protocol.handle = (scheme: string, handler: unknown) => {
    old.registerStreamProtocol(scheme, (request, answer) => {
      const work = (handler as Handler)(request);
      work.then(
        (response) => {
          if (!(response instanceof CompatResponse)) throw new TypeError('not an answer');
          const { status, headers, body } = response;
          answer({
            statusCode: status,
            headers,
            data: streamOf(body),
          });
        },
        () => answer({ error: -2 }),
      );
    });
  };
  return protocol;
}

function streamOf(body: CompatResponse['body']): Readable {
  if (body instanceof Readable) return body;
  const stream = new PassThrough();
  stream.end(body === null ? undefined : Buffer.from(body));
  return stream;
}

function adaptTray(): ElectronApi['Tray'] {
  class RecordedTray extends electron.Tray {
    override setImage(image: Electron.NativeImage): void {
      observed.tray.images.push(image.toDataURL());
      super.setImage(image);
    }
    override getBounds(): Electron.Rectangle {
      return observed.icon.bounds;
    }
    override setToolTip(tooltip: string): void {
      observed.icon.click = () => this.emit('click');
      observed.tray.tooltip = tooltip;
      process.stdout.write(`tray: ${tooltip}\n`);
      super.setToolTip(tooltip);
    }
    override setContextMenu(menu: Electron.Menu | null): void {
      observed.tray.menu = menu;
      super.setContextMenu(menu);
    }
  }
  return RecordedTray;
}

/** What is the rule in a modern Electron has to be asked for in this one. */
function adaptWindow(): ElectronApi['BrowserWindow'] {
  return class extends electron.BrowserWindow {
    constructor(options: Electron.BrowserWindowConstructorOptions = {}) {
      const modernRules = { worldSafeExecuteJavaScript: true, enableRemoteModule: false };
      super({ ...options, webPreferences: { ...options.webPreferences, ...modernRules } });
    }
  };
}

/** As a modern Electron has it on a desktop without a keyring; this one knows none. */
const noKeyring: VaultElectron['safeStorage'] = {
  isEncryptionAvailable: () => false,
  getSelectedStorageBackend: () => 'basic_text',
  encryptString: refuseToSeal,
  decryptString: refuseToSeal,
};

function refuseToSeal(): never {
  throw new Error('there is no keyring');
}

/** Call it before anything else is done with Electron. */
export function modernElectron(): ElectronApi {
  const { app, Menu, nativeImage, Notification, powerMonitor, nativeTheme } = electron;
  app.on('web-contents-created', (_event, contents) => adaptContents(contents));
  app.on('browser-window-created', (_event, window) =>
    window.once('ready-to-show', () => process.stdout.write('window: ready\n')),
  );
  // The tests' machine is never on battery.
  powerMonitor.isOnBatteryPower ??= () => false;
  return {
    app,
    BrowserWindow: adaptWindow(),
    Tray: adaptTray(),
    Menu,
    nativeImage,
    Notification,
    ipcMain: adaptIpc(),
    protocol: adaptProtocol(),
    powerMonitor,
    nativeTheme,
    safeStorage: noKeyring as ElectronApi['safeStorage'],
    // These exist only once Electron is ready.
    get screen() {
      return electron.screen;
    },
    get session() {
      const { defaultSession } = electron.session;
      defaultSession.setDevicePermissionHandler ??= () => undefined;
      return electron.session;
    },
    // The tests' machine has no browser to open.
    shell: {
      ...electron.shell,
      openExternal: (url: string) => {
        observed.opened.push(url);
        return Promise.resolve();
      },
    },
  };
}
