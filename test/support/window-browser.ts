/** @file One browser and one built window for a file of tests. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { findBrowser } from '../../scripts/browser.mjs';
import { buildWindow } from './build-window.ts';
import type { ScriptedEngine } from './scripted-engine.ts';
import { WindowBench } from './window-bench.ts';

const found = findBrowser();

/** Whether there is a browser to test with on this machine. */
export const hasBrowser = found.isAvailable;

export class WindowBrowser {
  #browser: Browser | null = null;
  #staticDir: string | null = null;
  #bench: WindowBench | null = null;

  /** @param asShipped see {@link buildWindow} */
  async open(asShipped = false): Promise<void> {
    if (!found.isAvailable) throw new Error(found.reason);
    this.#staticDir = await mkdtemp(join(tmpdir(), 'epicstar-window-'));
    await buildWindow(this.#staticDir, asShipped);
    this.#browser = await chromium.launch({ executablePath: found.executablePath, args: found.args, env: found.env });
  }

  /** A fresh page on a fresh host; ended by `endBench`. */
  async startBench(options: Parameters<WindowBench['start']>[0] = {}, engine?: ScriptedEngine): Promise<WindowBench> {
    if (this.#browser === null || this.#staticDir === null) throw new Error('the browser was not opened');
    this.#bench = new WindowBench(this.#browser, this.#staticDir, engine);
    await this.#bench.start(options);
    return this.#bench;
  }

  /** Rejects when the page complained of anything. */
  async endBench(): Promise<void> {
    const bench = this.#bench;
    this.#bench = null;
    await bench?.end();
    if (bench !== null && bench.complaints.length > 0) {
      throw new Error(`the page complained: ${bench.complaints.join('; ')}`);
    }
  }

  async close(): Promise<void> {
    await this.#browser?.close();
    if (this.#staticDir !== null) await rm(this.#staticDir, { recursive: true, force: true });
  }
}
