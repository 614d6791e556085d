/**
 * @file What tray icon, tooltip and menu show, as a pure function of what the engine says. Knows nothing of Electron:
 * another part turns this into a menu and hands presses back.
 */
import type { ConnectionStatus } from '../../src-preload/contract/client.ts';
import { sentenceText } from '../../src-preload/contract/sentence.ts';
import type { OverviewView, RunView, Tone } from '../../src-preload/contract/views.ts';
import { plainLine } from '../bridge/plain-text.ts';

/** A place in the window, behind its `#`. */
export type Place =
  | '/'
  | '/repositories'
  | '/history'
  | '/rescued'
  | '/settings'
  | '/setup'
  | '/setup/github'
  | '/setup/target';

export type TrayAction =
  | { readonly kind: 'open'; readonly place: Place }
  | { readonly kind: 'open-repository'; readonly githubId: number }
  | { readonly kind: 'open-page'; readonly url: string }
  | { readonly kind: 'look' }
  | { readonly kind: 'pause'; readonly until: 'resumed' | 'hour' | 'tomorrow' }
  | { readonly kind: 'resume' }
  | { readonly kind: 'retry-failed' }
  | { readonly kind: 'install-update' }
  | { readonly kind: 'about' }
  | { readonly kind: 'quit' };

export type TrayItem =
  | { readonly kind: 'separator' }
  /** A line to read. */
  | { readonly kind: 'words'; readonly label: string }
  | { readonly kind: 'press'; readonly label: string; readonly action: TrayAction }
  | { readonly kind: 'menu'; readonly label: string; readonly items: readonly TrayItem[] };

export interface TrayView {
  readonly icon: Tone;
  /** At most 127 characters, which is what Windows shows. */
  readonly tooltip: string;
  readonly items: readonly TrayItem[];
}

export interface TrayFacts {
  readonly connection: ConnectionStatus;
  /** Null: the engine has not spoken yet, or is not reached. */
  readonly overview: OverviewView | null;
  /** False: what it says is not understood, so it is of another version. */
  readonly isUnderstood: boolean;
  /** Newest first. */
  readonly runs: readonly RunView[];
  /** Null: there is nothing to tell of versions of this program. */
  readonly update: TrayUpdate | null;
  /** In words, of the reader's time zone. */
  readonly formatTime: (at: number) => string;
}

export interface TrayUpdate {
  readonly version: string;
  /** `ready`: a restart puts it in place; `running`: this one, whose news nobody has been shown. */
  readonly state: 'available' | 'ready' | 'running';
}

const mostTooltipChars = 127;
const mostRuns = 5;
const mostNameChars = 60;

const separator: TrayItem = { kind: 'separator' };
const press = (label: string, action: TrayAction): TrayItem => ({ kind: 'press', label, action });

/** While nothing is known of the engine. A local one is always reached. */
const withoutEngine: Readonly<Record<ConnectionStatus, Pick<TrayView, 'icon'> & { readonly sentence: string }>> = {
  connecting: { icon: 'idle', sentence: 'Connecting' },
  open: { icon: 'idle', sentence: 'epicstar is starting' },
  closed: { icon: 'offline', sentence: 'The engine cannot be reached; it is tried again' },
  'signed-out': { icon: 'signed-out', sentence: 'The engine does not accept the token' },
};

const notUnderstood = {
  icon: 'attention',
  sentence: 'The engine is of another version and is not understood',
} as const;

/** On some desktops a click on the icon never arrives, so the menu can do everything. */
export function trayView(facts: TrayFacts): TrayView {
  const { overview, connection, isUnderstood, formatTime } = facts;
  const { icon, sentence } =
    overview === null
      ? connection === 'open' && !isUnderstood
        ? notUnderstood
        : withoutEngine[connection]
      : { icon: overview.state.tone, sentence: sentenceText(overview.state.sentence, formatTime) };
  return {
    icon,
    tooltip: plainLine(`epicstar: ${sentence}`, mostTooltipChars),
    items: [
      { kind: 'words', label: plainLine(sentence, 100) },
      ...pressOfState(overview),
      separator,
      press('Open epicstar', { kind: 'open', place: '/' }),
      ...(overview === null ? [] : [press('Look for new stars now', { kind: 'look' }), pauseItem(overview)]),
      ...attentionItems(facts),
      ...runItems(facts.runs),
      separator,
      ...updateItem(facts.update),
      press('Settings', { kind: 'open', place: '/settings' }),
      press('About epicstar', { kind: 'about' }),
      press('Quit epicstar', { kind: 'quit' }),
    ],
  };
}

function updateItem(update: TrayUpdate | null): readonly TrayItem[] {
  if (update === null) return [];
  const version = plainLine(update.version, mostNameChars);
  switch (update.state) {
    case 'available':
      return [press(`Version ${version} is there`, { kind: 'open', place: '/settings' })];
    case 'ready':
      return [press(`Restart to update to ${version}`, { kind: 'install-update' })];
    case 'running':
      return [press(`What is new in ${version}`, { kind: 'open', place: '/settings' })];
  }
}

function pressOfState(overview: OverviewView | null): readonly TrayItem[] {
  switch (overview?.state.press ?? null) {
    case 'sign-in-github':
      return [press('Sign in to GitHub', { kind: 'open', place: '/setup/github' })];
    case 'set-target':
      return [press('Choose where mirrors go', { kind: 'open', place: '/setup/target' })];
    case 'set-up':
      return [press('Go on with the set-up', { kind: 'open', place: '/setup' })];
    case 'retry-failed':
      return [press('Try again what failed', { kind: 'retry-failed' })];
    // The menu has these two anyway.
    case 'look':
    case 'resume':
    case null:
      return [];
  }
}

function pauseItem(overview: OverviewView): TrayItem {
  if (overview.pause !== null) return press('Resume', { kind: 'resume' });
  return {
    kind: 'menu',
    label: 'Pause',
    items: [
      press('Until resumed', { kind: 'pause', until: 'resumed' }),
      press('For an hour', { kind: 'pause', until: 'hour' }),
      press('Until tomorrow morning', { kind: 'pause', until: 'tomorrow' }),
    ],
  };
}

function attentionItems({ overview }: TrayFacts): readonly TrayItem[] {
  if (overview === null) return [];
  const { failed, asks } = overview.totals;
  const items = [
    ...(asks > 0 ? [press(`Large repositories that wait for your word (${asks})`, { kind: 'open', place: '/' })] : []),
    ...(failed > 0 ? [press(`Repositories that could not be mirrored (${failed})`, { kind: 'open', place: '/' })] : []),
  ];
  return items.length === 0 ? [] : [separator, ...items];
}

function runItems(runs: readonly RunView[]): readonly TrayItem[] {
  const shown = runs.filter(({ outcome }) => outcome === 'done' || outcome === 'failed').slice(0, mostRuns);
  if (shown.length === 0) return [];
  return [separator, { kind: 'menu', label: 'Last runs', items: shown.map(runItem) }];
}

function runItem(run: RunView): TrayItem {
  const { fullName, githubId, githubPage, mirrorPage, outcome } = run;
  const name = plainLine(fullName, mostNameChars);
  return {
    kind: 'menu',
    label: outcome === 'failed' ? `${name}: failed` : name,
    items: [
      press('Show', { kind: 'open-repository', githubId }),
      ...(mirrorPage === null ? [] : [press('Open on OneDev', { kind: 'open-page', url: mirrorPage })]),
      ...(githubPage === null ? [] : [press('Open on GitHub', { kind: 'open-page', url: githubPage })]),
    ],
  };
}
