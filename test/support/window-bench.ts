/** @file A page of a real browser on the real web host over a scripted engine. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { findViolations } from './find-violations.ts';
import type { ScriptedEngine } from './scripted-engine.ts';
import { WebBench } from './web-bench.ts';

const shotsDir = join(import.meta.dirname, '..', '..', 'test-results', 'window');

export class WindowBench {
  readonly web: WebBench;
  readonly #browser: Browser;
  /** Where the built window lies. */
  readonly #staticDir: string;
  #context: BrowserContext | null = null;
  #page: Page | null = null;
  #complaints: string[] = [];

  constructor(browser: Browser, staticDir: string, engine?: ScriptedEngine) {
    this.web = new WebBench(engine);
    this.#browser = browser;
    this.#staticDir = staticDir;
  }

  get engine(): WebBench['engine'] {
    return this.web.engine;
  }

  get setup(): WebBench['setup'] {
    return this.web.setup;
  }

  get page(): Page {
    if (this.#page === null) throw new Error('there is no page yet');
    return this.#page;
  }

  /** Errors of the page and its console, the loss of the connection and refused sign-ins apart. */
  get complaints(): readonly string[] {
    return this.#complaints.filter((text) => !/ERR_CONNECTION|WebSocket connection|status of 401/.test(text));
  }

  async start(options: Parameters<Browser['newContext']>[0] = {}): Promise<void> {
    await mkdir(shotsDir, { recursive: true });
    await this.startHost();
    this.#context = await this.#browser.newContext({
      viewport: { width: 1_000, height: 900 },
      timezoneId: 'Europe/Berlin',
      locale: 'en-GB',
      ...options,
    });
    this.#page = await this.#context.newPage();
    this.#page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') this.#complaints.push(message.text());
    });
    this.#page.on('pageerror', (error) => this.#complaints.push(String(error)));
  }

  startHost(change: Parameters<WebBench['start']>[0] = {}): Promise<void> {
    return this.web.start({ staticDir: this.#staticDir, ...change });
  }

  async end(): Promise<void> {
    await this.#context?.close();
    await this.web.end();
  }

  /** Signs in by the address and waits until everything is there. */
  async open(): Promise<void> {
    await this.page.goto(this.web.host.urlWithToken);
    await this.page.locator('.state').waitFor();
    await this.page.locator('.skeleton').first().waitFor({ state: 'detached' });
  }

  sentence(text: string | RegExp): Locator {
    return this.page.getByRole('heading', { level: 1, name: text });
  }

  /** The whole page, or what is seen of it. */
  async shoot(name: string, part: 'page' | 'seen' = 'page'): Promise<void> {
    const fullPage = part === 'page';
    await this.page.screenshot({ path: join(shotsDir, `${name}.png`), fullPage, animations: 'disabled' });
  }

  /** What axe finds, one line each. */
  violations(): Promise<readonly string[]> {
    return findViolations(this.page);
  }

  /** By how many pixels the page is wider than what is seen of it. */
  overflow(): Promise<number> {
    return this.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  }
}
