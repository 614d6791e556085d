/**
 * @file The full window: made when it is first wanted, hidden rather than closed, in its old place on each display. Its
 * page is let go when nobody has wanted it for long.
 */
import type { BrowserWindow } from 'electron';
import type { SetTimer } from '../../src-preload/contract/client.ts';
import type { ElectronApi } from './electron-api.ts';
import { pagePreferences } from './page-preferences.ts';
import { watchUnwanted } from './unwanted-page.ts';
import { isWindowAddress, windowAddress } from './window-address.ts';

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface MainWindowOptions {
  readonly electron: Pick<ElectronApi, 'BrowserWindow' | 'screen'>;
  readonly preloadPath: string;
  /** Where windows were left, by display. */
  readonly places: { bounds(display: string): Box | null; setBounds(display: string, bounds: Box): void };
  /** Called with each new window, before its page is loaded. */
  readonly onMade: (window: BrowserWindow) => void;
  readonly setTimer: SetTimer;
  readonly log: { warn(message: string, fields?: Readonly<Record<string, unknown>>): void };
}

const usual = { width: 1_040, height: 760 } as const;
const least = { width: 480, height: 400 } as const;

export class MainWindow {
  readonly #options: MainWindowOptions;
  #window: BrowserWindow | null = null;
  /** Windows that have something to show. */
  readonly #ready = new WeakSet<BrowserWindow>();
  /** Where a page that was let go had been. */
  #lastPlace = '/';
  #stopLettingGo: (() => void) | null = null;
  #isEnding = false;

  constructor(options: MainWindowOptions) {
    this.#options = options;
  }

  /** Shows the window, in front of all others. @param place behind the `#`; null: where it was left */
  show(place: string | null = null): void {
    const known = this.#window;
    const window = known ?? this.#make(place ?? this.#lastPlace);
    if (known !== null && place !== null) this.#go(known, place);
    if (window.isMinimized()) window.restore();
    if (this.#ready.has(window)) {
      window.show();
      window.focus();
    }
  }

  /** Whether the person looks at it, as far as a desktop can tell. */
  get isSeen(): boolean {
    return this.#window !== null && this.#window.isVisible() && this.#window.isFocused();
  }

  /** From now on a window that is closed is gone. */
  end(): void {
    this.#isEnding = true;
    this.#stopLettingGo?.();
    if (this.#window !== null) this.#keepPlace(this.#window);
  }

  #make(place: string): BrowserWindow {
    const { electron, preloadPath, onMade, log } = this.#options;
    const window = new electron.BrowserWindow({
      ...this.#oldPlace(),
      minWidth: least.width,
      minHeight: least.height,
      title: 'epicstar',
      // No white flash: it is shown when it has something to show.
      show: false,
      autoHideMenuBar: true,
      webPreferences: pagePreferences(preloadPath),
    });
    this.#window = window;
    onMade(window);
    window.once('ready-to-show', () => {
      this.#ready.add(window);
      window.show();
      window.focus();
    });
    window.on('close', (event) => {
      this.#keepPlace(window);
      if (this.#isEnding) return;
      event.preventDefault();
      window.hide();
    });
    this.#stopLettingGo = watchUnwanted(window, this.#options.setTimer, () => this.#letGo(window));
    window.on('closed', () => {
      if (this.#window === window) this.#window = null;
    });
    window.webContents.on('render-process-gone', (_event, { reason }) => {
      if (reason === 'clean-exit' || this.#isEnding) return;
      log.warn('the page of the window ended by itself; the next opening makes a new one', { reason });
      window.destroy();
    });
    window
      .loadURL(windowAddress(place))
      .catch((error: unknown) => log.warn('the window could not be loaded', { error }));
    return window;
  }

  #letGo(window: BrowserWindow): void {
    const address = window.webContents.getURL();
    if (isWindowAddress(address)) this.#lastPlace = new URL(address).hash.slice(1) || '/';
    window.destroy();
  }

  /** The page stays and goes there by itself. */
  #go({ webContents }: BrowserWindow, place: string): void {
    if (!isWindowAddress(webContents.getURL()) || webContents.getURL() === windowAddress(place)) return;
    webContents
      .executeJavaScript(`location.hash = ${JSON.stringify(place)}; undefined`)
      .catch((error: unknown) => this.#options.log.warn('the window did not go to a place', { error }));
  }

  /** On the display that the person works on. */
  #oldPlace(): Box | { readonly width: number; readonly height: number } {
    const { screen } = this.#options.electron;
    const { id, workArea } = screen.getDisplayNearestPoint(screen.getCursorScreenPoint());
    const old = this.#options.places.bounds(String(id));
    return old === null ? fit(usual, workArea) : { ...fit(old, workArea), ...moveInto(old, workArea) };
  }

  #keepPlace(window: BrowserWindow): void {
    if (window.isDestroyed() || window.isMinimized()) return;
    const bounds = window.getNormalBounds();
    this.#options.places.setBounds(String(this.#options.electron.screen.getDisplayMatching(bounds).id), bounds);
  }
}

function fit(size: { readonly width: number; readonly height: number }, area: Box): { width: number; height: number } {
  return { width: Math.min(size.width, area.width), height: Math.min(size.height, area.height) };
}

/** A display may have become smaller since. */
function moveInto(box: Box, area: Box): { x: number; y: number } {
  const within = (at: number, size: number, start: number, room: number): number =>
    Math.max(start, Math.min(at, start + room - size));
  return {
    x: within(box.x, Math.min(box.width, area.width), area.x, area.width),
    y: within(box.y, Math.min(box.height, area.height), area.y, area.height),
  };
}
