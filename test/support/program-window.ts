/** @file A browser's pages on the real program: what they complain of, and what they show. */
import { cp, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, type BrowserContext, chromium, type Locator, type Page } from 'playwright-core';
import { findBrowser } from '../../scripts/browser.mjs';
import { buildWindow } from './build-window.ts';
import { findViolations } from './find-violations.ts';

/** Where the program, run from source, takes its window from. */
const servedDir = fileURLToPath(new URL('../../dist/renderer', import.meta.url));

/** The page last: names of all other files follow their content, so whoever loads meanwhile gets a whole window. */
async function installWindow(): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'epicstar-built-'));
  try {
    await buildWindow(dir);
    await mkdir(servedDir, { recursive: true });
    const page = join(dir, 'index.html');
    await cp(dir, servedDir, { recursive: true, filter: (source) => source !== page });
    const besides = join(servedDir, `index.html.${process.pid}`);
    await cp(page, besides);
    await rename(besides, join(servedDir, 'index.html'));
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

export class ProgramWindow {
  readonly context: BrowserContext;
  readonly #browser: Browser;
  readonly #complaints: string[] = [];

  private constructor(browser: Browser, context: BrowserContext) {
    this.#browser = browser;
    this.context = context;
  }

  /** Builds the window as it stands and starts a browser. */
  static async open(viewport = { width: 1_000, height: 900 }): Promise<ProgramWindow> {
    const found = findBrowser();
    if (!found.isAvailable) throw new Error(found.reason);
    await installWindow();
    const browser = await chromium.launch({ executablePath: found.executablePath, args: found.args, env: found.env });
    const context = await browser.newContext({ viewport, locale: 'en-GB', timezoneId: 'UTC' });
    return new ProgramWindow(browser, context);
  }

  /** Errors and warnings of all pages, those of the content security policy among them; a lost connection apart. */
  get complaints(): readonly string[] {
    return this.#complaints.filter((text) => !/ERR_CONNECTION|WebSocket connection/.test(text));
  }

  async newPage(): Promise<Page> {
    const page = await this.context.newPage();
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') this.#complaints.push(message.text());
    });
    page.on('pageerror', (error) => this.#complaints.push(String(error)));
    return page;
  }

  async close(): Promise<void> {
    await this.#browser.close();
  }
}

export function sentenceOf(page: Page, text: string | RegExp): Locator {
  return page.getByRole('heading', { level: 1, name: text });
}

export function sectionOf(page: Page, name: 'In work' | 'In line' | 'Last runs'): Locator {
  return page.getByRole('region', { name });
}

/** The row of one repository in a section. */
export function rowOf(section: Locator, fullName: string): Locator {
  const link = section.page().getByRole('link', { name: fullName, exact: true });
  return section.getByRole('listitem').filter({ has: link });
}

/** The number above its word: `Stars`, `Mirrored`, `In line`, `Failed`. */
export async function figureOf(page: Page, label: string): Promise<number> {
  const figure = page.locator('.figure').filter({ hasText: label });
  return Number((await figure.getByRole('definition').innerText()).replaceAll(',', ''));
}

/** What axe finds in both colour schemes, one line each. */
export async function violationsOf(page: Page): Promise<readonly string[]> {
  const lines: string[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    lines.push(...(await findViolations(page)).map((line) => `${colorScheme}, ${line}`));
  }
  return lines;
}
