/** @file A page of a browser as a window of the desktop program: with the link that the preload puts into it. */
import type { Page } from 'playwright-core';
import type { Link, LinkSession } from '../../src-main/shell/link.ts';

/** Before the page is opened. The link is in this process; all else is as in the program. */
export async function giveLink(page: Page, link: Link): Promise<void> {
  let session: LinkSession | null = null;
  // One after the other, as over the real link.
  let told: Promise<unknown> = Promise.resolve();
  const tell = (kind: 'message' | 'status', text: string): void => {
    const send = () =>
      page.evaluate(
        ([name, value]) => {
          Reflect.get(globalThis, 'epicstarTake')(name, value);
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
    const say = (kind: string, text: string): void => void Reflect.get(globalThis, 'epicstarSay')(kind, text);
    Object.assign(globalThis, {
      epicstarLink: {
        open(onMessage: (text: string) => void, onStatus: (status: string) => void): void {
          Object.assign(globalThis, {
            epicstarTake: (kind: string, text: string) => (kind === 'message' ? onMessage : onStatus)(text),
          });
          say('hello', '');
        },
        send: (text: string) => say('message', text),
      },
    });
  });
}
