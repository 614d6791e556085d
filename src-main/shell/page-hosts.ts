/** @file Which pages may be opened in the browser, where settings are not at hand. Pure. */
import type { OverviewView } from '../../src-preload/contract/views.ts';

/** Origins of GitHub and of the mirror server as the engine says them now, besides those that always are. */
export function hostsOf(overview: OverviewView | null, always: readonly string[]): readonly string[] {
  const pages = [overview?.account?.page, overview?.target?.page].filter((page) => typeof page === 'string');
  return [...new Set([...always, ...pages.map((page) => new URL(page).origin)])];
}
