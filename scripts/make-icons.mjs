/**
 * @file Draws all icons from the SVG sources in resources/icons/source, with the browser of the tests:
 * `node scripts/make-icons.mjs`. The results are kept in the repository, so that nothing else needs the browser.
 */
/// <reference lib="dom" />
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { findBrowser } from './browser.mjs';
import { makeIcns, makeIco } from './icon-files.mjs';

/**
 * @typedef {{ name: string, source: string, sidePx: number, colours?: Readonly<Record<string, string>>, margin?: number }} Picture
 *   `name`: path below resources/ without .png; `margin`: part of the side that stays empty at each edge
 */

const rootDir = dirname(dirname(fileURLToPath(import.meta.url)));
const sourceDir = join(rootDir, 'resources', 'icons', 'source');

export const states = ['idle', 'working', 'paused', 'attention', 'error', 'signed-out', 'offline'];
export const workingFrames = 4;

/** Sides in pixels; Windows takes the one that fits its scale, Linux desktops scale one large picture down. */
export const trayScales = /** @type {const} */ ({ '': 16, '@1.5x': 24, '@2x': 32, '@3x': 48 });
export const linuxSidePx = 48;
export const appSides = [16, 24, 32, 48, 64, 128, 256, 512];
export const icoSides = [16, 24, 32, 48, 64, 128, 256];
/** Apple's four letters. Of the small ones those of double scale are enough: macOS scales them. */
export const icnsTypes = /** @type {const} */ ({
  ic11: 32,
  ic12: 64,
  ic07: 128,
  ic13: 256,
  ic08: 256,
  ic14: 512,
  ic09: 512,
  ic10: 1024,
});
/** Below this the second star of the application's icon would be a blur. */
const simpleBelowPx = 48;

const light = { ink: '#1a2130', working: '#2a55c4', attention: '#a85f00', error: '#c02a20', 'signed-out': '#a85f00' };
const dark = { ink: '#ffffff', working: '#8fb2ff', attention: '#ffb938', error: '#ff7a6e', 'signed-out': '#ffb938' };

/** @param {typeof light} palette @param {string} state */
function coloursOf(palette, state) {
  return { ink: palette.ink, badge: Object.entries(palette).find(([name]) => name === state)?.[1] ?? palette.ink };
}

/** @returns {Picture[]} */
function trayPictures() {
  return states.flatMap((state) => {
    const frames = state === 'working' ? Array.from({ length: workingFrames }, (_, frame) => frame) : [0];
    return frames.flatMap((frame) => {
      const name = `tray/${state}${frame === 0 ? '' : `-${frame}`}`;
      const turn = `${(360 / workingFrames) * frame}deg`;
      /** @param {string} suffix @param {number} sidePx @param {{ ink: string, badge: string }} colours */
      const one = (suffix, sidePx, colours) => ({
        name: `${name}${suffix}`,
        source: state,
        sidePx,
        colours: { ...colours, turn },
      });
      const themes = /** @type {const} */ ([
        ['', coloursOf(light, state)],
        ['-dark', coloursOf(dark, state)],
      ]);
      const black = { ink: '#000000', badge: '#000000' };
      return [
        ...themes.flatMap(([theme, colours]) => [
          ...Object.entries(trayScales).map(([scale, sidePx]) => one(`${theme}${scale}`, sidePx, colours)),
          one(`-linux${theme}`, linuxSidePx, colours),
        ]),
        // macOS colours them itself, by alpha alone; it knows them by their name.
        one('Template', 16, black),
        one('Template@2x', 32, black),
      ];
    });
  });
}

/** @param {number} sidePx */
const appSource = (sidePx) => (sidePx < simpleBelowPx ? 'app-small' : 'app');

/** @param {import('playwright-core').Page} page @param {readonly Picture[]} pictures @returns {Promise<Buffer[]>} */
async function draw(page, pictures) {
  const jobs = pictures.map(({ source, sidePx, colours = {}, margin = 0 }) => {
    const style = Object.entries(colours).map(([name, value]) => `--${name}: ${value}`);
    const text = readFileSync(join(sourceDir, `${source}.svg`), 'utf8').replace(
      /style="--[^"]*"/,
      `style="${style.join('; ')}"`,
    );
    return {
      svg: text.replace('<svg ', `<svg width="${sidePx}" height="${sidePx}" `),
      sidePx,
      edgePx: Math.round(sidePx * margin),
    };
  });
  const drawn = await page.evaluate(async (all) => {
    const results = [];
    for (const { svg, sidePx, edgePx } of all) {
      const image = new Image();
      image.src = `data:image/svg+xml,${encodeURIComponent(svg)}`;
      await image.decode();
      const canvas = document.createElement('canvas');
      canvas.width = sidePx;
      canvas.height = sidePx;
      canvas.getContext('2d')?.drawImage(image, edgePx, edgePx, sidePx - 2 * edgePx, sidePx - 2 * edgePx);
      results.push(canvas.toDataURL('image/png'));
    }
    return results;
  }, jobs);
  return drawn.map((url) => Buffer.from(url.slice(url.indexOf(',') + 1), 'base64'));
}

/**
 * @param {string} outDir in place of resources/
 * @returns {Promise<string[]>} what was written, below it
 */
export async function makeIcons(outDir) {
  const browser = findBrowser();
  if (!browser.isAvailable) {
    throw new Error(browser.reason);
  }
  const { executablePath, args, env } = browser;
  const running = await chromium.launch({ executablePath, args, env });
  try {
    const page = await running.newPage();
    const tray = trayPictures();
    const app = appSides.map((sidePx) => ({
      name: `icons/linux/${sidePx}x${sidePx}`,
      source: appSource(sidePx),
      sidePx,
    }));
    // By Apple's grid a tenth of the side stays empty around the shape.
    const mac = Object.values(icnsTypes).map((sidePx) => ({ name: '', source: 'app', sidePx, margin: 0.09 }));
    const [trayPngs, appPngs, macPngs] = [await draw(page, tray), await draw(page, app), await draw(page, mac)];

    /** @param {number} sidePx */
    const appPng = (sidePx) => appPngs[appSides.indexOf(sidePx)] ?? Buffer.alloc(0);
    const named = [...tray, ...app].map(
      ({ name }, index) => /** @type {const} */ ([`${name}.png`, [...trayPngs, ...appPngs][index] ?? Buffer.alloc(0)]),
    );
    const types = Object.keys(icnsTypes).map(
      (type, index) => /** @type {const} */ ([type, macPngs[index] ?? Buffer.alloc(0)]),
    );
    const files = [
      ...named,
      /** @type {const} */ (['icons/icon.png', appPng(512)]),
      /** @type {const} */ (['icons/icon.ico', makeIco(icoSides.map(appPng))]),
      /** @type {const} */ (['icons/icon.icns', makeIcns(types)]),
    ];
    for (const [name, bytes] of files) {
      const path = join(outDir, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, bytes);
    }
    return files.map(([name]) => name);
  } finally {
    await running.close();
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const names = await makeIcons(join(rootDir, 'resources'));
  process.stdout.write(`${names.length} files in resources/\n`);
}
