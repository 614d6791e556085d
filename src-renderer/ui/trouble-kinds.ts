/** @file Which troubles only a person can end, and where in the window. Pure. */
import { sentenceText } from '../../src-preload/contract/sentence.ts';
import type { OverviewView } from '../../src-preload/contract/views.ts';
import type { IconName } from './icon.tsx';

export type Trouble = OverviewView['troubles'][number];

interface Way {
  readonly href: string;
  readonly label: string;
  readonly icon: IconName;
}

/** Null: it is done outside the window, and the next step says what. */
const ways: Readonly<Record<string, Way | null>> = {
  'sign-in-github': { href: '/setup/github', label: 'Sign in to GitHub', icon: 'key' },
  'sign-in-target': { href: '/setup/target', label: 'Set where mirrors go', icon: 'key' },
  'grant-right': { href: '/setup/target', label: 'Test the mirror server', icon: 'check' },
  'open-settings': { href: '/settings', label: 'Open settings', icon: 'arrow' },
  'resolve-clash': null,
  'free-disk': null,
  'install-git': null,
  report: null,
};

function isPersonal({ error }: Trouble): boolean {
  return Object.hasOwn(ways, error.action);
}

export function wayOut({ error }: Trouble): Way | null {
  return ways[error.action] ?? null;
}

/** What the sentence of state does not say already, apart by whether it ends by itself. */
export function sortTroubles(
  { troubles, state }: OverviewView,
  formatTime: (at: number) => string,
): { readonly personal: readonly Trouble[]; readonly passing: readonly Trouble[] } {
  const said = sentenceText(state.sentence, formatTime);
  const others = troubles.filter(({ error }) => error.message !== said);
  return { personal: others.filter(isPersonal), passing: others.filter((trouble) => !isPersonal(trouble)) };
}
