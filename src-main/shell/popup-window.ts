/**
 * @file The popup by the tray icon: made when it is first wanted, hidden rather than closed, and hidden as soon as the
 * person turns to something else. Its place is found anew each time and never remembered. Its page is let go when nobody
 * has wanted it for long.
 */
import type { BrowserWindow } from 'electron';
import type { SetTimer } from '../../src-preload/contract/client.ts';
import type { ElectronApi } from './electron-api.ts';
import { pagePreferences } from './page-preferences.ts';
import { findIcon, isInside, placePopup, type Rectangle } from './popup-place.ts';
import { closedPopup, nextPopupState, type PopupEvent, type PopupState } from './popup-state.ts';
import { watchUnwanted } from './unwanted-page.ts';
import { windowAddress } from './window-address.ts';

export interface PopupWindowOptions {
  readonly electron: Pick<ElectronApi, 'BrowserWindow' | 'screen' | 'nativeTheme'>;
  readonly platform: NodeJS.Platform;
  /** Where nobody can say where a window goes. */
  readonly isWayland: boolean;
  readonly preloadPath: string;
  /** Where the icon is, as the desktop tells now; all zeros where it does not. */
  readonly trayBounds: () => Rectangle;
  readonly now: () => number;
  readonly setTimer: SetTimer;
  /** Called with each new window, before its page is loaded. */
  readonly onMade: (window: BrowserWindow) => void;
  readonly log: { warn(message: string, fields?: Readonly<Record<string, unknown>>): void };
}

const wished = { width: 380, height: 560 } as const;
/** Behind the `#`. */
const popupPlace = '/popup';
/** The ground of the page (src-renderer/ui/tokens.css), seen until there is one. */
const grounds = { light: '#f5f6f8', dark: '#0f1217' } as const;
const nowhere: Rectangle = { x: 0, y: 0, width: 0, height: 0 };

export class PopupWindow {
  readonly #options: PopupWindowOptions;
  #window: BrowserWindow | null = null;
  /** Whether the page has something to show. */
  #isReady = false;
  #state: PopupState = closedPopup;
  /** Where the icon was at the last press that opened. */
  #icon: Rectangle = nowhere;
  #stopLettingGo: (() => void) | null = null;
  #isEnding = false;

  constructor(options: PopupWindowOptions) {
    this.#options = options;
    const { screen, nativeTheme } = options.electron;
    screen.on('display-metrics-changed', this.#displaysChanged);
    screen.on('display-added', this.#displaysChanged);
    screen.on('display-removed', this.#displaysChanged);
    nativeTheme.on('updated', this.#themeChanged);
  }

  /**
   * A press on the tray icon: opens the popup, or closes it.
   *
   * @returns false: it can have no place here, and something else has to be opened
   */
  press(): boolean {
    if (this.#state.kind === 'closed') {
      const { electron, trayBounds } = this.#options;
      const pointer = electron.screen.getCursorScreenPoint();
      this.#icon = findIcon({ told: trayBounds(), pointer, displays: electron.screen.getAllDisplays() });
      if (this.#place() === null) return false;
      this.#window ??= this.#make();
    }
    this.#take({ kind: 'press', at: this.#options.now(), isReady: this.#isReady });
    return true;
  }

  hide(): void {
    this.#take({ kind: 'dismissed' });
  }

  /** Whether the person looks at it, as far as a desktop can tell. */
  get isSeen(): boolean {
    return this.#window !== null && this.#window.isVisible() && this.#window.isFocused();
  }

  /** From now on a popup that is closed is gone. */
  end(): void {
    this.#isEnding = true;
    this.#stopLettingGo?.();
    const { screen, nativeTheme } = this.#options.electron;
    screen.removeListener('display-metrics-changed', this.#displaysChanged);
    screen.removeListener('display-added', this.#displaysChanged);
    screen.removeListener('display-removed', this.#displaysChanged);
    nativeTheme.removeListener('updated', this.#themeChanged);
  }

  #take(event: PopupEvent): void {
    const before = this.#state.kind;
    this.#state = nextPopupState(this.#state, event);
    const after = this.#state.kind;
    if (after === 'open' && before !== 'open') this.#show();
    if (after !== 'open' && before === 'open') this.#window?.hide();
  }

  #show(): void {
    const place = this.#place();
    if (this.#window === null || place === null) {
      this.hide();
      return;
    }
    this.#window.setBounds(place);
    this.#window.show();
    this.#window.focus();
  }

  #place(): Rectangle | null {
    const { electron, isWayland } = this.#options;
    return placePopup({ tray: this.#icon, displays: electron.screen.getAllDisplays(), popup: wished, isWayland });
  }

  #make(): BrowserWindow {
    const { electron, platform, preloadPath, onMade, log } = this.#options;
    const window = new electron.BrowserWindow({
      ...wished,
      title: 'epicstar',
      show: false,
      frame: false,
      resizable: false,
      movable: false,
      minimizable: false,
      maximizable: false,
      fullscreenable: false,
      skipTaskbar: true,
      alwaysOnTop: true,
      backgroundColor: this.#ground(),
      webPreferences: pagePreferences(preloadPath),
      // Does not make the program the active one, so that it can stand over another's full screen.
      ...(platform === 'darwin' ? { type: 'panel' } : {}),
    });
    if (platform === 'darwin') {
      window.setVisibleOnAllWorkspaces(true, { visibleOnFullScreen: true, skipTransformProcessType: true });
    }
    this.#isReady = false;
    onMade(window);
    window.once('ready-to-show', () => {
      this.#isReady = true;
      this.#take({ kind: 'ready' });
    });
    this.#stopLettingGo = watchUnwanted(window, this.#options.setTimer, () => window.destroy());
    window.on('blur', () => this.#left());
    window.on('close', (event) => {
      if (this.#isEnding) return;
      event.preventDefault();
      this.hide();
    });
    window.on('closed', () => {
      if (this.#window === window) this.#window = null;
      this.hide();
    });
    window.webContents.on('render-process-gone', (_event, { reason }) => {
      if (reason === 'clean-exit' || this.#isEnding) return;
      log.warn('the page of the popup ended by itself; the next opening makes a new one', { reason });
      window.destroy();
    });
    window.loadURL(windowAddress(popupPlace)).catch((error: unknown) => {
      log.warn('the popup could not be loaded; the next opening makes a new one', { error });
      if (!window.isDestroyed()) window.destroy();
    });
    return window;
  }

  #left(): void {
    const pointer = this.#options.electron.screen.getCursorScreenPoint();
    this.#take({ kind: 'left', at: this.#options.now(), isAtIcon: isInside(pointer, this.#icon) });
  }

  #ground(): string {
    return this.#options.electron.nativeTheme.shouldUseDarkColors ? grounds.dark : grounds.light;
  }

  readonly #themeChanged = (): void => this.#window?.setBackgroundColor(this.#ground());

  /** It moves with its icon; where nobody tells where that is now, it goes. */
  readonly #displaysChanged = (): void => {
    if (this.#state.kind !== 'open') return;
    this.#icon = this.#options.trayBounds();
    const place = this.#place();
    if (place === null) this.hide();
    else this.#window?.setBounds(place);
  };
}
