/** @file A page of a browser as a window of the desktop program: with the link that the preload puts into it. */
import type { Page } from 'playwright-core';
import type { Link, LinkSession } from '../../src-main/shell/link.ts';

declare global {
  // In the page: what the link says, and what is said to it.
  var epicstarTake: (kind: 'message' | 'status', text: string) => void;
  var epicstarSay: (kind: 'hello' | 'message', text: string) => void;
}

/** Before the page is opened. The link is in this process; all else is as in the program. */
export async function giveLink(page: Page, link: Link): Promise<void> {
  let session: LinkSession | null = null;
  // One after the other, as over the real link.
  let told: Promise<unknown> = Promise.resolve();
  const tell = (kind: 'message' | 'status', text: string): void => {
    const send = () =>
      page.evaluate(
        ([name, value]) => {
          globalThis.epicstarTake(name, value);
        },
        [kind, text] as const,
      );
    // A page that is gone needs nothing.
    told = told.then(send).catch(() => undefined);
  };
  await page.exposeFunction('epicstarSay', (kind: 'hello' | 'message', text: string) => {
    if (kind === 'message') {
      session?.receive(text);
      return;
    }
    session?.close();
    session = link.connect({
      send: (message) => tell('message', message),
      status: (status) => tell('status', status),
      isReady: () => true,
    });
  });
  await page.addInitScript(() => {
    Object.assign(globalThis, {
      epicstarLink: {
        open(onMessage: (text: string) => void, onStatus: (status: string) => void): void {
          globalThis.epicstarTake = (kind, text) => (kind === 'message' ? onMessage : onStatus)(text);
          globalThis.epicstarSay('hello', '');
        },
        send: (text: string) => globalThis.epicstarSay('message', text),
      },
    });
  });
}
