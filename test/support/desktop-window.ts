/** @file A window of the desktop program in a browser: the page over the desktop's own session and a real bridge. */
import { createBridge } from '../../src-main/bridge/bridge.ts';
import { withDesktop } from '../../src-main/shell/desktop-session.ts';
import { createLocalLink, type Link } from '../../src-main/shell/link.ts';
import type { DesktopParts } from './desktop-parts.ts';
import { giveLink } from './desktop-page.ts';
import { realClock } from './real-clock.ts';
import type { WindowBench } from './window-bench.ts';

/** The bench's scripted engine, as that of this computer. */
export function scriptedLink({ engine, setup }: WindowBench, { log }: DesktopParts): Link {
  const links = () => ({ githubWebUrl: 'https://github.com', targetUrl: 'https://onedev.example.org' });
  return createLocalLink(createBridge({ engine, setup, links, version: '1.2.3', clock: realClock, log }));
}

/** Opens the window at a place, as a window of the desktop. @param place behind the `#` */
export async function openInDesktop(
  bench: WindowBench,
  parts: DesktopParts,
  place: string,
  link: Link = scriptedLink(bench, parts),
): Promise<void> {
  const { page } = bench;
  await giveLink(page, withDesktop({ link, desktop: parts.keeper, log: parts.log }));
  await page.goto(bench.web.host.urlWithToken);
  await page.goto(`${bench.web.host.url}#${place}`);
}
