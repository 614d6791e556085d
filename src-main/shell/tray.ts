/** @file The tray view bound to Electron's tray. Touches the tray only where something changed. */
import { join } from 'node:path';
import type { Menu, MenuItemConstructorOptions, NativeImage, Rectangle, Tray } from 'electron';
import type { SetTimer } from '../../src-preload/contract/client.ts';
import type { ElectronApi } from './electron-api.ts';
import { frameDelayMs, iconPath, isPanelDark } from './icons.ts';
import type { TrayAction, TrayItem, TrayView } from './tray-view.ts';

export interface TrayFaceOptions {
  readonly electron: Pick<ElectronApi, 'Tray' | 'Menu' | 'nativeImage' | 'nativeTheme'>;
  readonly platform: NodeJS.Platform;
  /** XDG_CURRENT_DESKTOP. */
  readonly currentDesktop: string | undefined;
  /** Folder of the pictures. */
  readonly resourcesDir: string;
  /** The person wants nothing to move. */
  readonly isCalm: () => boolean;
  readonly setTimer: SetTimer;
  readonly onAction: (action: TrayAction) => void;
  /** A click on the icon itself, where the desktop tells of it. */
  readonly onClick: () => void;
}

export class TrayFace {
  readonly #options: TrayFaceOptions;
  readonly #tray: Tray;
  readonly #images = new Map<string, NativeImage>();
  #menu: Menu | null = null;
  #view: TrayView;
  #frame = 0;
  #stopTurning: (() => void) | null = null;
  #shownItems = '';
  #shownTooltip = '';
  #shownIcon = '';

  /** Shows the icon at once. */
  constructor(options: TrayFaceOptions, view: TrayView) {
    this.#options = options;
    this.#view = view;
    this.#shownIcon = this.#iconFile();
    this.#tray = new options.electron.Tray(this.#image(this.#shownIcon));
    this.#tray.on('click', options.onClick);
    if (options.platform === 'darwin') {
      // A menu that is set there opens at every click, in front of what the click opens.
      this.#tray.on('right-click', () => this.#tray.popUpContextMenu(this.#menu ?? undefined));
      // Else the second of two quick clicks is none.
      this.#tray.setIgnoreDoubleClickEvents(true);
    }
    options.electron.nativeTheme.on('updated', this.#themeChanged);
    this.show(view);
  }

  show(view: TrayView): void {
    this.#view = view;
    this.#turn();
    this.#showIcon();
    if (view.tooltip !== this.#shownTooltip) {
      this.#shownTooltip = view.tooltip;
      this.#tray.setToolTip(view.tooltip);
    }
    const items = JSON.stringify(view.items);
    if (items === this.#shownItems) return;
    this.#shownItems = items;
    // A menu that is open while it is replaced closes on some desktops, so it is replaced only for a reason.
    this.#menu = this.#options.electron.Menu.buildFromTemplate(this.#template(view.items));
    if (this.#options.platform !== 'darwin') this.#tray.setContextMenu(this.#menu);
  }

  /** All zeros where the desktop does not tell. */
  bounds(): Rectangle {
    return this.#tray.getBounds();
  }

  close(): void {
    this.#stopTurning?.();
    this.#options.electron.nativeTheme.removeListener('updated', this.#themeChanged);
    this.#tray.destroy();
  }

  readonly #themeChanged = (): void => this.#showIcon();

  /** Moves the picture while there is work, and only then. */
  #turn(): void {
    const moves = this.#view.icon === 'working' && !this.#options.isCalm();
    if (!moves) {
      this.#stopTurning?.();
      this.#stopTurning = null;
      this.#frame = 0;
      return;
    }
    this.#stopTurning ??= this.#options.setTimer(frameDelayMs, () => {
      this.#stopTurning = null;
      this.#frame += 1;
      this.#turn();
      this.#showIcon();
    });
  }

  #showIcon(): void {
    const file = this.#iconFile();
    if (file === this.#shownIcon) return;
    this.#shownIcon = file;
    this.#tray.setImage(this.#image(file));
  }

  #iconFile(): string {
    const { electron, currentDesktop, platform, resourcesDir } = this.#options;
    const isThemeDark = electron.nativeTheme.shouldUseDarkColors;
    const dark = isPanelDark({ platform, currentDesktop, isThemeDark });
    return join(resourcesDir, iconPath(this.#view.icon, { dark, frame: this.#frame, platform }));
  }

  #image(file: string): NativeImage {
    const known = this.#images.get(file);
    if (known !== undefined) return known;
    const image = this.#options.electron.nativeImage.createFromPath(file);
    // The menu bar colours it itself.
    if (this.#options.platform === 'darwin') image.setTemplateImage(true);
    this.#images.set(file, image);
    return image;
  }

  #template(items: readonly TrayItem[]): MenuItemConstructorOptions[] {
    return items.map((item): MenuItemConstructorOptions => {
      switch (item.kind) {
        case 'separator':
          return { type: 'separator' };
        case 'words':
          return { label: plain(item.label), enabled: false };
        case 'press':
          return { label: plain(item.label), click: () => this.#options.onAction(item.action) };
        case 'menu':
          return { label: plain(item.label), submenu: this.#template(item.items) };
      }
    });
  }
}

/** In a menu, `&` marks the letter to press. */
function plain(label: string): string {
  return label.replaceAll('&', '&&');
}
