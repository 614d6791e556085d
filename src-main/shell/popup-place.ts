/** @file Where the popup by the tray icon goes: beside the icon, wholly inside what the desktop leaves free. Pure. */

export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface DisplayFacts {
  readonly bounds: Rectangle;
  /** Without taskbar, dock and menu bar. */
  readonly workArea: Rectangle;
  readonly scaleFactor: number;
}

export interface PopupFacts {
  /** All zeros where the desktop does not tell. */
  readonly tray: Rectangle;
  readonly displays: readonly DisplayFacts[];
  /** As it wishes to be. */
  readonly popup: Pick<Rectangle, 'width' | 'height'>;
  /** Where nobody can say where a window goes. */
  readonly isWayland: boolean;
}

type Edge = 'top' | 'bottom' | 'left' | 'right';

interface Point {
  readonly x: number;
  readonly y: number;
}

/** Between popup and what it stands beside. */
const gapPx = 6;
/** About an icon in a panel. */
const iconPx = 24;

export interface IconFacts {
  /** What the desktop tells; all zeros where it does not. */
  readonly told: Rectangle;
  readonly pointer: Point;
  readonly displays: readonly Pick<DisplayFacts, 'bounds' | 'workArea'>[];
}

/**
 * Where the icon is that was pressed just now. Desktops of Linux do not tell, but a pointer on a panel is what pressed it.
 *
 * @returns all zeros where nobody can say
 */
export function findIcon({ told, pointer, displays }: IconFacts): Rectangle {
  if (told.width > 0 && told.height > 0) return told;
  const isOnPanel = displays.some(({ bounds, workArea }) => isInside(pointer, bounds) && !isInside(pointer, workArea));
  return isOnPanel
    ? { x: pointer.x - iconPx / 2, y: pointer.y - iconPx / 2, width: iconPx, height: iconPx }
    : { x: 0, y: 0, width: 0, height: 0 };
}

/** A desktop that lets no program say where a window goes, nor where the pointer is. */
export function isWayland(platform: NodeJS.Platform, env: Readonly<Record<string, string | undefined>>): boolean {
  const { XDG_SESSION_TYPE: session = '', WAYLAND_DISPLAY: display = '' } = env;
  return platform === 'linux' && (session === 'wayland' || display !== '');
}

/** @returns bounds in the pixels that Electron counts in, smaller than wished on a small display; null: open a window */
export function placePopup({ tray, displays, popup, isWayland }: PopupFacts): Rectangle | null {
  if (isWayland || tray.width <= 0 || tray.height <= 0) return null;
  const found = findDisplay(tray, displays);
  if (found === null) return null;
  const { display, icon } = found;
  const { workArea } = display;
  const width = Math.min(popup.width, workArea.width);
  const height = Math.min(popup.height, workArea.height);
  const middle = centerOf(icon);
  const beside: Readonly<Record<Edge, Point>> = {
    top: { x: middle.x - width / 2, y: Math.max(icon.y + icon.height, workArea.y) + gapPx },
    bottom: { x: middle.x - width / 2, y: Math.min(icon.y, workArea.y + workArea.height) - gapPx - height },
    left: { x: Math.max(icon.x + icon.width, workArea.x) + gapPx, y: middle.y - height / 2 },
    right: { x: Math.min(icon.x, workArea.x + workArea.width) - gapPx - width, y: middle.y - height / 2 },
  };
  const { x, y } = beside[edgeOf(middle, display)];
  return {
    x: clamp(x, workArea.x, workArea.x + workArea.width - width),
    y: clamp(y, workArea.y, workArea.y + workArea.height - height),
    width,
    height,
  };
}

/** Some desktops tell the icon's place in the pixels of the screen rather than in those that Electron counts in. */
function findDisplay(
  tray: Rectangle,
  displays: readonly DisplayFacts[],
): { readonly display: DisplayFacts; readonly icon: Rectangle } | null {
  const here = displays.find(({ bounds }) => isInside(centerOf(tray), bounds));
  if (here !== undefined) return { display: here, icon: tray };
  for (const display of displays) {
    const icon = scaled(tray, 1 / display.scaleFactor);
    if (display.scaleFactor !== 1 && isInside(centerOf(icon), display.bounds)) return { display, icon };
  }
  // An icon that is hidden until the pointer comes may be just outside.
  const nearest = displays.toSorted((a, b) => distance(centerOf(tray), a.bounds) - distance(centerOf(tray), b.bounds));
  const [display] = nearest;
  return display === undefined ? null : { display, icon: tray };
}

/** The edge where the bar with the icon is: where nothing is left free for windows, else the nearest one. */
function edgeOf(middle: Point, { bounds, workArea }: DisplayFacts): Edge {
  if (middle.y < workArea.y) return 'top';
  if (middle.y >= workArea.y + workArea.height) return 'bottom';
  if (middle.x < workArea.x) return 'left';
  if (middle.x >= workArea.x + workArea.width) return 'right';
  const away: readonly (readonly [Edge, number])[] = [
    ['bottom', bounds.y + bounds.height - middle.y],
    ['top', middle.y - bounds.y],
    ['right', bounds.x + bounds.width - middle.x],
    ['left', middle.x - bounds.x],
  ];
  const [[edge] = ['bottom' as const, 0]] = away.toSorted(([, a], [, b]) => a - b);
  return edge;
}

function centerOf({ x, y, width, height }: Rectangle): Point {
  return { x: x + width / 2, y: y + height / 2 };
}

export function isInside({ x, y }: Point, rectangle: Rectangle): boolean {
  return distance({ x, y }, rectangle) === 0 && x < rectangle.x + rectangle.width && y < rectangle.y + rectangle.height;
}

function distance(point: Point, { x, y, width, height }: Rectangle): number {
  const byX = Math.max(x - point.x, 0, point.x - (x + width));
  const byY = Math.max(y - point.y, 0, point.y - (y + height));
  return Math.hypot(byX, byY);
}

function scaled({ x, y, width, height }: Rectangle, factor: number): Rectangle {
  return { x: x * factor, y: y * factor, width: width * factor, height: height * factor };
}

/** Whole pixels, rounded so that the limits hold. */
function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(Math.round(value), Math.ceil(least)), Math.floor(most));
}
