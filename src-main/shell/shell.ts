/**
 * @file The desktop's face, put together: tray, window and their client of the contract over one link. Knows no engine:
 * what it shows is a function of what the link says.
 */
import { join } from 'node:path';
import { type Client, createClient, type SetTimer } from '../../src-preload/contract/client.ts';
import type { OverviewView } from '../../src-preload/contract/views.ts';
import { createActionHandler } from './action-handler.ts';
import { setAppMenu } from './app-menu.ts';
import type { OpenBundle } from './bundle-answer.ts';
import { declareWindowProtocol, serveWindow } from './app-protocol.ts';
import { type DesktopServer, withDesktop } from './desktop-session.ts';
import type { ElectronApi } from './electron-api.ts';
import { appIconPath } from './icons.ts';
import type { Link } from './link.ts';
import { createTransport } from './link-client.ts';
import { MainWindow, type MainWindowOptions } from './main-window.ts';
import { NotificationCenter, type NotificationMemory } from './notification-center.ts';
import type { NotificationKind } from './notification-state.ts';
import { createNotifier } from './notifications.ts';
import { PopupWindow } from './popup-window.ts';
import { quitWithin } from './quit.ts';
import { createPageOpener, guardPages } from './security.ts';
import { formatTime } from './times.ts';
import { TrayFace } from './tray.ts';
import { type TrayState, watchTrayState } from './tray-state.ts';
import { trayView } from './tray-view.ts';
import type { Updates } from './updates.ts';
import { WindowSessions } from './window-sessions.ts';

export interface ShellLog {
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
}

export interface ShellParts {
  readonly link: Link;
  /** Answers windows what is about this program itself. */
  readonly desktop: DesktopServer;
  readonly platform: NodeJS.Platform;
  readonly version: string;
  /** The built preload. */
  readonly preloadPath: string;
  /** Folder of the built window. */
  readonly windowDir: string;
  /** Folder of pictures: `resources`. */
  readonly resourcesDir: string;
  /** XDG_CURRENT_DESKTOP. */
  readonly currentDesktop: string | undefined;
  /** The person wants nothing to move. */
  readonly isCalm: () => boolean;
  readonly places: MainWindowOptions['places'];
  /** What a click on the tray icon opens, where there is a choice. */
  readonly opensAs: () => 'popup' | 'window';
  /** No window can be placed here. */
  readonly isWayland: boolean;
  /** Origins of pages that may be opened in the browser, besides those of what the engine says now. */
  readonly hosts: (overview: OverviewView | null) => readonly string[];
  readonly openBundle: OpenBundle;
  readonly notificationMemory: NotificationMemory;
  readonly isNotificationOn: (kind: NotificationKind) => boolean;
  readonly updates: Pick<Updates, 'trayUpdate' | 'subscribe' | 'install'>;
  /** No window opens by itself. */
  readonly startsHidden: boolean;
  readonly now: () => number;
  readonly setTimer: SetTimer;
  readonly log: ShellLog;
  /** Ends what is behind the link; the process ends after it, or after 10 s. */
  readonly close: () => Promise<void>;
  /** The very last. @returns true: something else ends the process now */
  readonly leave?: () => boolean;
  /** What `leave` said is written, too. */
  readonly afterLeave?: () => Promise<void>;
  /** The program starts once more when it has ended. */
  readonly restart?: () => void;
}

export interface Shell {
  /** The same client that the tray is made of. */
  readonly client: Client;
  /** @param place behind the window's `#`; null: where it was left */
  show(place: string | null): void;
  hidePopup(): void;
  openPage(address: string): void;
  /** The computer slept. */
  woke(): void;
}

/**
 * Before Electron is ready, first of all.
 *
 * @returns false: another instance runs, has been told to show itself, and this one has to end
 */
export function prepareShell(electron: Pick<ElectronApi, 'app' | 'protocol'>): boolean {
  if (!electron.app.requestSingleInstanceLock()) return false;
  // Lists and a few lines are drawn fast enough by the processor: that spares 40 MB, and waking a second graphics card.
  electron.app.disableHardwareAcceleration();
  declareWindowProtocol(electron.protocol);
  // Without a listener Electron ends with the last window.
  electron.app.on('window-all-closed', () => undefined);
  return true;
}

/** After Electron is ready. From here on the person has an icon in the tray. */
export function startShell(electron: ElectronApi, parts: ShellParts): Shell {
  const { app } = electron;
  const { link, log, now } = parts;
  let state: TrayState = { connection: 'connecting', overview: null, runs: [] };
  const openPage = createPageOpener({ shell: electron.shell, hosts: () => parts.hosts(state.overview), log });
  guardPages({ app, session: electron.session.defaultSession, openPage, log });
  serveWindow(electron.protocol, parts.windowDir, parts.openBundle);
  setAppMenu(electron.Menu, parts.platform);
  const iconPath = join(parts.resourcesDir, appIconPath(parts.platform));
  app.setAboutPanelOptions({ applicationName: 'epicstar', applicationVersion: parts.version, iconPath });

  const windowLink = withDesktop({ link, desktop: parts.desktop, log });
  const sessions = new WindowSessions({ ipcMain: electron.ipcMain, link: windowLink, log });
  const window = new MainWindow({
    electron,
    preloadPath: parts.preloadPath,
    places: parts.places,
    onMade: ({ webContents }) => sessions.admit(webContents),
    setTimer: parts.setTimer,
    log,
  });
  const popup = new PopupWindow({
    electron,
    platform: parts.platform,
    isWayland: parts.isWayland,
    preloadPath: parts.preloadPath,
    trayBounds: () => tray.bounds(),
    now,
    setTimer: parts.setTimer,
    onMade: ({ webContents }) => sessions.admit(webContents),
    log,
  });
  /** @param place null: where it was left */
  const openWindow = (place: string | null): void => {
    popup.hide();
    window.show(place);
  };
  let isUnderstood = true;
  const client = createClient(createTransport(link), {
    setTimer: parts.setTimer,
    onFault(what) {
      log.warn('the engine said what the tray does not understand', { what });
      isUnderstood = false;
      tray.show(view());
    },
  });
  const view = () =>
    trayView({ ...state, isUnderstood, update: parts.updates.trayUpdate(), formatTime: (at) => formatTime(at, now()) });
  const tray = new TrayFace(
    {
      electron,
      platform: parts.platform,
      currentDesktop: parts.currentDesktop,
      resourcesDir: parts.resourcesDir,
      isCalm: parts.isCalm,
      setTimer: parts.setTimer,
      onAction: (action) => void act(action),
      onClick: () => {
        if (parts.opensAs() === 'window' || !popup.press()) openWindow(null);
      },
    },
    view(),
  );
  const stopWatching = watchTrayState(client, {
    onChange(next) {
      state = next;
      if (next.overview !== null || next.connection !== 'open') isUnderstood = true;
      tray.show(view());
    },
    onFault: (error) => log.warn('the last runs could not be read for the tray', { error }),
  });
  const stopUpdates = parts.updates.subscribe(() => tray.show(view()));

  const act = createActionHandler({
    client,
    now,
    openWindow,
    openPage,
    showAbout: () => app.showAboutPanel(),
    quit: () => app.quit(),
    installUpdate: () => parts.updates.install(),
    tell: (notification) => notifier.show(notification),
    log,
  });
  const notifier = createNotifier({
    Notification: electron.Notification,
    icon: iconPath,
    onAction: (action) => void act(action),
    log,
  });
  const center = new NotificationCenter({
    client,
    clock: { now, setTimer: parts.setTimer },
    memory: parts.notificationMemory,
    isOn: parts.isNotificationOn,
    isSeen: () => window.isSeen || popup.isSeen,
    show: (notification) => notifier.show(notification),
    log,
  });
  center.start();

  let isEnding = false;
  app.on('second-instance', () => {
    // It left the start to this one, which is about to end.
    if (isEnding) parts.restart?.();
    else openWindow(null);
  });
  // macOS: a click on the icon in the dock, or a second start.
  app.on('activate', () => openWindow(null));
  quitWithin(app, {
    setTimer: parts.setTimer,
    log,
    onQuitting() {
      isEnding = true;
      window.end();
      popup.end();
    },
    close: async () => {
      stopWatching();
      stopUpdates();
      center.stop();
      notifier.close();
      tray.close();
      client.close();
      sessions.close();
      await link.close();
      await parts.close();
    },
    ...(parts.leave === undefined ? {} : { leave: parts.leave }),
    ...(parts.afterLeave === undefined ? {} : { afterLeave: parts.afterLeave }),
  });
  if (!parts.startsHidden) window.show();
  log.info('the shell is there', { hidden: parts.startsHidden });
  return { client, show: openWindow, hidePopup: () => popup.hide(), openPage, woke: () => center.woke() };
}
