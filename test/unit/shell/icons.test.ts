/** @file The icons that are in the repository: all there, of the right size, transparent, apart without colour. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { findBrowser } from '../../../scripts/browser.mjs';
import { makeIcns, makeIco, readPng } from '../../../scripts/icon-files.mjs';
import {
  appSides,
  icnsTypes,
  icoSides,
  linuxSidePx,
  makeIcons,
  states,
  trayScales,
  workingFrames as drawnFrames,
} from '../../../scripts/make-icons.mjs';
import { tones } from '../../../src-preload/contract/views.ts';
import { appIconPath, iconPath, isPanelDark, workingFrames } from '../../../src-main/shell/icons.ts';

const resourcesDir = join(import.meta.dirname, '..', '..', '..', 'resources');
const read = (name: string) => readPng(readFileSync(join(resourcesDir, name)));
const platforms = ['linux', 'win32', 'darwin'] as const;

const looks = platforms.flatMap((platform) =>
  [false, true].flatMap((dark) =>
    tones.flatMap((tone) => [0, 1, 2, 3].map((frame) => ({ tone, path: iconPath(tone, { dark, frame, platform }) }))),
  ),
);

/** Names below a folder, with `/`. */
function namesIn(dir: string): string[] {
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(dir.length + 1)
        .replaceAll('\\', '/'),
    )
    .sort((a, b) => a.localeCompare(b));
}

describe('the path of a tray icon', () => {
  it('leads to a picture for every state, look and system', () => {
    expect([...states].sort((a, b) => a.localeCompare(b))).toEqual([...tones].sort((a, b) => a.localeCompare(b)));
    expect(drawnFrames).toBe(workingFrames);
    expect(looks.filter(({ path }) => !existsSync(join(resourcesDir, path)))).toEqual([]);
    for (const platform of platforms) expect(existsSync(join(resourcesDir, appIconPath(platform)))).toBe(true);
  });

  it('moves for work alone, round and round', () => {
    const paths = (tone: 'working' | 'error') =>
      [0, 1, 2, 3, 4, 5, -1].map((frame) => iconPath(tone, { dark: false, frame, platform: 'win32' }));
    const turn = ['tray/working.png', 'tray/working-1.png', 'tray/working-2.png', 'tray/working-3.png'];
    expect(paths('working')).toEqual([...turn, turn[0], turn[1], turn[3]]);
    expect(new Set(paths('error'))).toEqual(new Set(['tray/error.png']));
  });

  it('follows the panel, and on macOS leaves that to the system', () => {
    expect(iconPath('idle', { dark: true, frame: 0, platform: 'win32' })).toBe('tray/idle-dark.png');
    expect(iconPath('idle', { dark: true, frame: 0, platform: 'linux' })).toBe('tray/idle-linux-dark.png');
    expect(iconPath('idle', { dark: true, frame: 0, platform: 'darwin' })).toBe('tray/idleTemplate.png');
  });

  it.each([
    ['linux', 'ubuntu:GNOME', false, true],
    ['linux', 'GNOME-Classic:GNOME', false, true],
    ['linux', 'KDE', false, false],
    ['linux', 'KDE', true, true],
    ['linux', undefined, false, false],
    ['win32', 'GNOME', false, false],
  ] as const)('knows that the panel of %s %s with dark=%s is dark: %s', (platform, currentDesktop, isThemeDark, is) => {
    expect(isPanelDark({ platform, currentDesktop, isThemeDark })).toBe(is);
  });
});

describe('tray pictures', () => {
  it('have the sides that their names say, and transparent corners', () => {
    const files = namesIn(join(resourcesDir, 'tray'));
    expect(files).toHaveLength((states.length + drawnFrames - 1) * 12);
    for (const file of files) {
      const scale = Object.entries(trayScales).find(([suffix]) => suffix !== '' && file.endsWith(`${suffix}.png`));
      const sidePx = file.includes('-linux') ? linuxSidePx : (scale?.[1] ?? 16);
      const { width, height, rgba } = read(`tray/${file}`);
      expect([file, width, height]).toEqual([file, sidePx, sidePx]);
      const alphas = rgba.filter((_, at) => at % 4 === 3);
      expect([alphas[0], alphas.at(-sidePx)], file).toEqual([0, 0]);
      const inkShare = alphas.filter((alpha) => alpha > 200).length / alphas.length;
      expect(inkShare, file).toBeGreaterThan(0.12);
      expect(inkShare, file).toBeLessThan(0.6);
    }
  });

  it('of macOS are black alone', () => {
    for (const { path } of looks.filter(({ path }) => path.includes('Template'))) {
      const { rgba } = read(path);
      expect(rgba.some((value, at) => at % 4 !== 3 && value > 0 && (rgba[at - (at % 4) + 3] ?? 0) > 0)).toBe(false);
    }
  });

  it('differ at 16 pixels without colour', () => {
    const shapes = [...new Set(looks.map(({ path }) => path).filter((path) => path.includes('Template')))].map(
      (path) => ({
        path,
        alphas: read(path).rgba.filter((_, at) => at % 4 === 3),
      }),
    );
    expect(shapes).toHaveLength(states.length + drawnFrames - 1);
    for (const one of shapes) {
      for (const other of shapes.filter(({ path }) => path > one.path)) {
        const moved = one.alphas.reduce((sum, alpha, at) => sum + Math.abs(alpha - (other.alphas[at] ?? 0)) / 255, 0);
        // A sixteenth of all pixels; frames of one movement may be nearer to each other.
        const isMovement = one.path.includes('working') && other.path.includes('working');
        expect(moved, `${one.path} ${other.path}`).toBeGreaterThan(isMovement ? 8 : 16);
      }
    }
  });

  it.each([
    ['', '#f5f6f8'],
    ['-dark', '#111418'],
  ])('%s stand out from %s', (suffix, ground) => {
    const channels = (hex: string): number[] => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
    const luminance = (rgb: readonly number[]): number => {
      const [red = 0, green = 0, blue = 0] = rgb.map((value) =>
        value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4,
      );
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    const groundLuminance = luminance(channels(ground));
    for (const state of states) {
      const { rgba } = read(`tray/${state}-linux${suffix}.png`);
      const contrasts: number[] = [];
      for (let at = 0; at < rgba.length; at += 4) {
        if (rgba[at + 3] !== 255) continue;
        const own = luminance([...rgba.subarray(at, at + 3)]);
        contrasts.push((Math.max(own, groundLuminance) + 0.05) / (Math.min(own, groundLuminance) + 0.05));
      }
      expect(Math.min(...contrasts), state).toBeGreaterThan(3);
    }
  });
});

describe('icons of the application', () => {
  it('are there for Linux in all sizes', () => {
    for (const sidePx of appSides)
      expect(read(`icons/linux/${sidePx}x${sidePx}.png`)).toMatchObject({ width: sidePx, height: sidePx });
    expect(read('icons/icon.png')).toMatchObject({ width: 512, height: 512 });
  });

  it('are in the .ico of Windows, small ones as bitmaps with the same pixels', () => {
    const ico = readFileSync(join(resourcesDir, 'icons', 'icon.ico'));
    expect([ico.readUInt16LE(0), ico.readUInt16LE(2), ico.readUInt16LE(4)]).toEqual([0, 1, icoSides.length]);
    icoSides.forEach((sidePx, index) => {
      const at = 6 + 16 * index;
      expect(ico.readUInt8(at) || 256).toBe(sidePx);
      const body = ico.subarray(ico.readUInt32LE(at + 12)).subarray(0, ico.readUInt32LE(at + 8));
      const png = read(`icons/linux/${sidePx}x${sidePx}.png`);
      if (sidePx === 256) {
        expect(readPng(body)).toEqual(png);
        return;
      }
      expect([body.readUInt32LE(0), body.readInt32LE(4), body.readInt32LE(8)]).toEqual([40, sidePx, 2 * sidePx]);
      const middle = Math.floor(sidePx / 2);
      // The picture stands on its head there, and blue comes first.
      const from = 40 + (middle * sidePx + 3) * 4;
      const same = ((sidePx - 1 - middle) * sidePx + 3) * 4;
      const [red, green, blue, alpha] = png.rgba.subarray(same, same + 4);
      expect([...body.subarray(from, from + 4)]).toEqual([blue, green, red, alpha]);
    });
    const last = 6 + 16 * (icoSides.length - 1);
    expect(ico.readUInt32LE(last + 12) + ico.readUInt32LE(last + 8)).toBe(ico.length);
  });

  it('are in the .icns of macOS', () => {
    const icns = readFileSync(join(resourcesDir, 'icons', 'icon.icns'));
    expect([icns.toString('latin1', 0, 4), icns.readUInt32BE(4)]).toEqual(['icns', icns.length]);
    const found: [string, number][] = [];
    for (let at = 8; at < icns.length; at += icns.readUInt32BE(at + 4)) {
      const png = readPng(icns.subarray(at + 8, at + icns.readUInt32BE(at + 4)));
      found.push([icns.toString('latin1', at, at + 4), png.width]);
    }
    expect(found).toEqual(Object.entries(icnsTypes));
  });
});

describe('containers', () => {
  it('hold what they are given', () => {
    const png = readFileSync(join(resourcesDir, 'icons', 'linux', '16x16.png'));
    expect(makeIcns([['ic11', png]])).toHaveLength(16 + png.length);
    expect(makeIco([png])).toHaveLength(6 + 16 + 40 + 16 * 16 * 4 + 4 * 16);
    expect(() => readPng(Buffer.from('not a picture'))).toThrow('not a PNG');
  });
});

it('drawn anew have the same names and show the same', async (context) => {
  const browser = findBrowser();
  if (!browser.isAvailable) context.skip(browser.reason);
  const dir = await mkdtemp(join(tmpdir(), 'epicstar-icons-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  const names = await makeIcons(dir);
  expect(namesIn(dir)).toEqual([...names].sort((a, b) => a.localeCompare(b)));
  expect(namesIn(dir)).toEqual(
    namesIn(resourcesDir).filter((name) => /^(tray|icons)\//.test(name) && !name.includes('/source/')),
  );
  for (const name of names.filter((name) => name.endsWith('.png'))) {
    const [now, kept] = [readPng(readFileSync(join(dir, name))).rgba, read(name).rgba];
    const far = now.filter((value, at) => Math.abs(value - (kept[at] ?? 0)) > 40).length;
    expect(far / now.length, `${name} is not what its source shows: node scripts/make-icons.mjs`).toBeLessThan(0.01);
  }
}, 60_000);
