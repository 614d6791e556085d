/** @file Which picture stands for a state in the tray. Pure: paths below `resources/`, no files are touched. */
import type { Tone } from '../../src-preload/contract/views.ts';

/** Pictures of `working`, shown one after the other. */
export const workingFrames = 4;
/** A turn in a second and a half: seen from the corner of the eye, not pressing. */
export const frameDelayMs = 375;

export interface IconLook {
  /** Whether the panel is dark; see {@link isPanelDark}. macOS needs no answer. */
  readonly dark: boolean;
  /** Counts up for ever; only `working` moves. */
  readonly frame: number;
  readonly platform: NodeJS.Platform;
}

/**
 * Path with `/` below the folder of resources. On Windows and macOS pictures of other scales stand beside it under the
 * names by which Electron finds them; on macOS the name also tells that the system gives it its colour.
 */
export function iconPath(tone: Tone, { dark, frame, platform }: IconLook): string {
  const turn = tone === 'working' ? ((frame % workingFrames) + workingFrames) % workingFrames : 0;
  const name = turn === 0 ? tone : `${tone}-${turn}`;
  if (platform === 'darwin') return `tray/${name}Template.png`;
  // One large picture: panels of Linux scale it to what they need.
  return `tray/${name}${platform === 'linux' ? '-linux' : ''}${dark ? '-dark' : ''}.png`;
}

/** Picture of windows and notifications. */
export function appIconPath(platform: NodeJS.Platform): string {
  return platform === 'win32' ? 'icons/icon.ico' : 'icons/icon.png';
}

/** Desktops whose bar is dark whatever the theme of windows is. */
const darkBars = ['GNOME', 'Unity', 'Pantheon', 'ubuntu'];

/**
 * @param options.currentDesktop XDG_CURRENT_DESKTOP: names with `:` between them
 * @param options.isThemeDark what the system says of its own parts, else of windows
 */
export function isPanelDark(options: {
  readonly platform: NodeJS.Platform;
  readonly currentDesktop: string | undefined;
  readonly isThemeDark: boolean;
}): boolean {
  const { platform, currentDesktop = '', isThemeDark } = options;
  return isThemeDark || (platform === 'linux' && currentDesktop.split(':').some((name) => darkBars.includes(name)));
}
