/** @file Where the popup by the tray icon goes on the desktops that there are. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type DisplayFacts,
  findIcon,
  isWayland,
  type PopupFacts,
  placePopup,
  type Rectangle,
} from '../../../src-main/shell/popup-place.ts';

const rectangle = (x: number, y: number, width: number, height: number): Rectangle => ({ x, y, width, height });
const display = (bounds: Rectangle, workArea: Rectangle, scaleFactor = 1): DisplayFacts => ({
  bounds,
  workArea,
  scaleFactor,
});

const screen = rectangle(0, 0, 1_920, 1_080);
const popup = { width: 360, height: 480 };
const windows = display(screen, rectangle(0, 0, 1_920, 1_040));
const taskbarOnTop = display(screen, rectangle(0, 40, 1_920, 1_040));
const taskbarLeft = display(screen, rectangle(60, 0, 1_860, 1_080));
const taskbarRight = display(screen, rectangle(0, 0, 1_860, 1_080));
const mac = display(rectangle(0, 0, 1_440, 900), rectangle(0, 25, 1_440, 805), 2);
const leftOfMain = display(rectangle(-1_280, 56, 1_280, 1_024), rectangle(-1_280, 56, 1_280, 984));
const aboveMain = display(rectangle(200, -900, 1_440, 900), rectangle(200, -900, 1_440, 860), 1.5);

interface Case {
  readonly where: string;
  readonly tray: Rectangle;
  readonly displays: readonly DisplayFacts[];
  readonly x: number;
  readonly y: number;
}

const table: readonly Case[] = [
  {
    where: 'Windows, taskbar below',
    tray: rectangle(1_700, 1_048, 24, 24),
    displays: [windows],
    x: 1_532,
    y: 1_040 - 6 - 480,
  },
  {
    where: 'Windows, in the corner',
    tray: rectangle(1_890, 1_048, 24, 24),
    displays: [windows],
    x: 1_560,
    y: 1_040 - 6 - 480,
  },
  {
    where: 'Windows, taskbar on top',
    tray: rectangle(1_700, 8, 24, 24),
    displays: [taskbarOnTop],
    x: 1_532,
    y: 46,
  },
  {
    where: 'Windows, taskbar on the left',
    tray: rectangle(18, 1_000, 24, 24),
    displays: [taskbarLeft],
    x: 66,
    y: 600,
  },
  {
    where: 'Windows, taskbar on the right',
    tray: rectangle(1_878, 500, 24, 24),
    displays: [taskbarRight],
    x: 1_860 - 6 - 360,
    y: 272,
  },
  {
    where: 'Windows, taskbar that hides itself',
    tray: rectangle(1_700, 1_048, 24, 24),
    displays: [display(screen, screen)],
    x: 1_532,
    y: 1_048 - 6 - 480,
  },
  {
    where: 'Windows, among the icons that are folded away',
    tray: rectangle(1_600, 980, 32, 32),
    displays: [windows],
    x: 1_436,
    y: 980 - 6 - 480,
  },
  {
    where: 'macOS, menu bar',
    tray: rectangle(1_000, 0, 30, 24),
    displays: [mac],
    x: 835,
    y: 31,
  },
  {
    where: 'a second display on the left',
    tray: rectangle(-60, 1_045, 24, 24),
    displays: [windows, leftOfMain],
    x: -360,
    y: 56 + 984 - 6 - 480,
  },
  {
    where: 'a second display above, of another scale',
    tray: rectangle(1_500, -35, 24, 24),
    displays: [windows, aboveMain],
    x: 1_280,
    y: -900 + 860 - 6 - 480,
  },
  {
    where: 'Linux, panel on top',
    tray: rectangle(1_800, 4, 24, 24),
    displays: [display(screen, rectangle(0, 32, 1_920, 1_048))],
    x: 1_560,
    y: 38,
  },
  {
    where: 'Linux, place told in the pixels of a screen of scale 2',
    tray: rectangle(3_600, 2_100, 48, 48),
    displays: [display(screen, rectangle(0, 0, 1_920, 1_040), 2)],
    x: 1_560,
    y: 1_040 - 6 - 480,
  },
  {
    where: 'an icon just outside of all displays',
    tray: rectangle(1_700, 1_082, 24, 24),
    displays: [windows, leftOfMain],
    x: 1_532,
    y: 1_040 - 6 - 480,
  },
];

describe('the popup', () => {
  it.each(table)('$where', ({ tray, displays, x, y }) => {
    expect(placePopup({ tray, displays, popup, isWayland: false })).toEqual({ x, y, ...popup });
  });

  it('is made smaller where the display is', () => {
    const small = display(rectangle(0, 0, 320, 400), rectangle(0, 0, 320, 360));
    expect(placePopup({ tray: rectangle(290, 370, 20, 20), displays: [small], popup, isWayland: false })).toEqual({
      x: 0,
      y: 0,
      width: 320,
      height: 360,
    });
  });

  const tray = rectangle(1_700, 1_048, 24, 24);
  it.each<[string, Partial<PopupFacts>]>([
    ['on Wayland', { isWayland: true }],
    ['where the desktop does not tell where the icon is', { tray: rectangle(0, 0, 0, 0) }],
    ['without a display', { displays: [] }],
  ])('gives way to a window %s', (_where, change) => {
    expect(placePopup({ tray, displays: [windows], popup, isWayland: false, ...change })).toBeNull();
  });

  it('always lies wholly in what one display leaves free', () => {
    const within = (low: number, high: number): fc.Arbitrary<number> => fc.integer({ min: low, max: high });
    const displayArbitrary = fc
      .record({
        x: within(-4_000, 4_000),
        y: within(-4_000, 4_000),
        width: within(320, 4_000),
        height: within(240, 2_400),
        insets: fc.tuple(within(0, 80), within(0, 80), within(0, 80), within(0, 80)),
        scaleFactor: fc.constantFrom(1, 1.25, 1.5, 2),
      })
      .map(({ x, y, width, height, insets: [top, right, bottom, left], scaleFactor }) =>
        display(
          rectangle(x, y, width, height),
          rectangle(x + left, y + top, width - left - right, height - top - bottom),
          scaleFactor,
        ),
      );
    const facts = fc.record({
      tray: fc.record({
        x: within(-5_000, 9_000),
        y: within(-5_000, 9_000),
        width: within(1, 64),
        height: within(1, 64),
      }),
      displays: fc.array(displayArbitrary, { minLength: 1, maxLength: 4 }),
      popup: fc.record({ width: within(100, 2_000), height: within(100, 2_000) }),
      isWayland: fc.constant(false),
    });
    fc.assert(
      fc.property(facts, (asked) => {
        const placed = placePopup(asked);
        expect(placed).not.toBeNull();
        const { x, y, width, height } = placed ?? rectangle(0, 0, 0, 0);
        const holds = asked.displays.some(
          ({ workArea }) =>
            x >= workArea.x &&
            y >= workArea.y &&
            x + width <= workArea.x + workArea.width &&
            y + height <= workArea.y + workArea.height,
        );
        expect([holds, Number.isInteger(x), Number.isInteger(y)]).toEqual([true, true, true]);
      }),
    );
  });
});

describe('the icon', () => {
  const untold = rectangle(0, 0, 0, 0);
  const panelBelow = display(screen, rectangle(0, 0, 1_920, 1_040));

  it('is where the desktop tells', () => {
    const told = rectangle(1_700, 1_048, 24, 24);
    expect(findIcon({ told, pointer: { x: 5, y: 5 }, displays: [panelBelow] })).toEqual(told);
  });

  it('is under a pointer on a panel, on whichever display', () => {
    const displays = [panelBelow, leftOfMain];
    expect(findIcon({ told: untold, pointer: { x: 1_800, y: 1_060 }, displays })).toEqual(
      rectangle(1_788, 1_048, 24, 24),
    );
    expect(findIcon({ told: untold, pointer: { x: -100, y: 1_050 }, displays })).toEqual(
      rectangle(-112, 1_038, 24, 24),
    );
  });

  it.each([
    ['elsewhere', { x: 900, y: 500 }],
    ['at the last row that is free', { x: 900, y: 1_039 }],
    ['outside of all displays', { x: 900, y: 1_081 }],
  ])('is nowhere with the pointer %s', (_where, pointer) => {
    expect(findIcon({ told: untold, pointer, displays: [panelBelow] })).toEqual(untold);
  });
});

describe('a desktop that places no windows', () => {
  it.each([
    [true, 'linux', { XDG_SESSION_TYPE: 'wayland' }],
    [true, 'linux', { WAYLAND_DISPLAY: 'wayland-0' }],
    [false, 'linux', { XDG_SESSION_TYPE: 'x11', WAYLAND_DISPLAY: '' }],
    [false, 'linux', {}],
    [false, 'win32', { WAYLAND_DISPLAY: 'wayland-0' }],
  ] as const)('is %s on %s with %j', (expected, platform, env) => {
    expect(isWayland(platform, env)).toBe(expected);
  });
});
