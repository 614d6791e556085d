/** @file A desktop that nobody sees: a display and a session bus of its own, with a panel's services where wanted. */
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { NotificationService } from './notification-service.ts';
import { end, serve, type Served, SessionBus } from './session-bus.ts';
import { TrayHost } from './tray-host.ts';

export interface ScreenSize {
  readonly width: number;
  readonly height: number;
}

export const screenSize: ScreenSize = { width: 1_280, height: 900 };

/** What a panel does for programs. */
export interface Panel {
  readonly tray: TrayHost;
  readonly notifications: NotificationService;
}

export class VirtualDesktop {
  readonly #display: Served;
  readonly #screenDir: string;
  readonly #size: ScreenSize;
  readonly #bus: SessionBus;
  readonly #panel: Panel | null;

  private constructor(display: Served, screenDir: string, size: ScreenSize, bus: SessionBus, panel: Panel | null) {
    this.#display = display;
    this.#screenDir = screenDir;
    this.#size = size;
    this.#bus = bus;
    this.#panel = panel;
  }

  /**
   * @param dir a temporary folder
   * @param hasPanel whether somebody on its bus shows tray items and notifications
   */
  static async start(dir: string, hasPanel = false, screen: ScreenSize = screenSize): Promise<VirtualDesktop> {
    const bus = await SessionBus.start();
    const panel = hasPanel
      ? { tray: await TrayHost.open(bus), notifications: await NotificationService.open(bus) }
      : null;
    const screenDir = join(dir, 'screen');
    await mkdir(screenDir, { recursive: true });
    const size = `${screen.width}x${screen.height}x24`;
    const display = await serve('Xvfb', [
      '-displayfd',
      '3',
      '-screen',
      '0',
      size,
      '-nolisten',
      'tcp',
      '-fbdir',
      screenDir,
    ]);
    return new VirtualDesktop(display, screenDir, screen, bus, panel);
  }

  /** What tells programs of it. */
  get env(): Readonly<Record<string, string>> {
    return { DISPLAY: `:${this.#display.address}`, DBUS_SESSION_BUS_ADDRESS: this.#bus.address };
  }

  get panel(): Panel {
    if (this.#panel === null) throw new Error('this desktop has no panel');
    return this.#panel;
  }

  /**
   * What is on the screen: four bytes a pixel, blue first, row by row. The display keeps it in a file, whose head tells
   * its own length and that of the table of colours behind it (XWDFile.h of X11).
   */
  async screen(): Promise<Buffer> {
    const file = await readFile(join(this.#screenDir, 'Xvfb_screen0'));
    const field = (index: number): number => file.readUInt32BE(index * 4);
    const bytesPerRow = field(12);
    if (field(11) !== 32 || bytesPerRow !== this.#size.width * 4) throw new Error('the screen has another form');
    const start = field(0) + field(19) * 12;
    return file.subarray(start, start + bytesPerRow * this.#size.height);
  }

  async close(): Promise<void> {
    await Promise.all([end(this.#display), this.#bus.close()]);
  }
}
