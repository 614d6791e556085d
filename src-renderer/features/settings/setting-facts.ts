/** @file What the window says of each setting that it knows by name. Pure; which settings there are tells the engine. */
export const settingGroups = [
  { name: 'looking', title: 'Looking' },
  { name: 'mirroring', title: 'Mirroring' },
  { name: 'disk', title: 'Disk' },
  { name: 'network', title: 'Network and safety' },
  { name: 'window', title: 'Window and log' },
  { name: 'expert', title: 'Expert' },
] as const;
export type SettingGroup = (typeof settingGroups)[number]['name'];

export type SettingKind = 'number' | 'choice' | 'text' | 'size' | 'hosts';

export interface SettingFact {
  readonly group: SettingGroup;
  readonly label: string;
  /** What it does, one line. */
  readonly line: string;
  readonly kind: SettingKind;
  /** Of numbers, as a word: `seconds`. */
  readonly unit?: string;
  /** Of choices; what is not named here is shown as it is. */
  readonly options?: Readonly<Record<string, string>>;
  /** What an empty text stands for. */
  readonly empty?: string;
  readonly atNextStart?: true;
}

const beyondAccounts = 'Better changed under Accounts, where it is tried before it is saved.';

/** In the order in which they are shown. */
export const settingFacts: Readonly<Record<string, SettingFact>> = {
  pollSeconds: {
    group: 'looking',
    label: 'Look for new stars every',
    line: 'Shorter finds new stars sooner and asks GitHub more often.',
    kind: 'number',
    unit: 'seconds',
  },
  fullWalkHours: {
    group: 'looking',
    label: 'Read the whole list every',
    line: 'Finds what a quick look cannot see, such as stars that were taken back.',
    kind: 'number',
    unit: 'hours',
  },
  sweepDays: {
    group: 'looking',
    label: 'Compare every mirror at least every',
    line: 'Both ends are compared even where GitHub tells of no change.',
    kind: 'number',
    unit: 'days',
  },
  quietHours: {
    group: 'mirroring',
    label: 'Quiet hours',
    line: 'Between these times only what you ask for is mirrored. Times of the computer that epicstar runs on.',
    kind: 'text',
    empty: 'none',
  },
  concurrency: {
    group: 'mirroring',
    label: 'Repositories at once',
    line: 'More is faster and asks more of this computer and its network.',
    kind: 'number',
  },
  pushConcurrency: {
    group: 'mirroring',
    label: 'Small pushes to OneDev at once',
    line: 'Larger ones always go alone, so that the server stays free for others.',
    kind: 'number',
  },
  smallPushMb: {
    group: 'mirroring',
    label: 'A push is small below',
    line: 'What is larger goes alone.',
    kind: 'number',
    unit: 'MB',
  },
  holdLossPercent: {
    group: 'mirroring',
    label: 'Ask when a repository loses at once',
    line: 'Of its branches and tags, ten or more. 0 never asks. What is lost upstream is kept either way.',
    kind: 'number',
    unit: '%',
  },
  unstarred: {
    group: 'mirroring',
    label: 'Repositories that lost your star',
    line: 'Their mirrors stay either way. Followed ones are asked about once a day.',
    kind: 'choice',
    options: { stop: 'Kept as they are', follow: 'Kept and followed' },
  },
  stallMinutes: {
    group: 'mirroring',
    label: 'Give up on a silent git after',
    line: 'It is ended, and the repository is tried again later.',
    kind: 'number',
    unit: 'minutes',
  },
  cacheLimit: {
    group: 'disk',
    label: 'Disk for caches',
    line: 'The least needed ones go first and are fetched again when needed. What is in work comes on top.',
    kind: 'size',
  },
  historyDays: {
    group: 'disk',
    label: 'Remember runs for',
    line: 'Forgetting a run touches no mirror.',
    kind: 'number',
    unit: 'days',
  },
  databaseUrl: {
    group: 'disk',
    label: 'Place of the database',
    line: 'The present one is not moved: at another place a new one begins, asks what to mirror, and finds the mirrors again.',
    kind: 'text',
    empty: 'in the data directory',
  },
  caFile: {
    group: 'network',
    label: 'Certificate authority',
    line: 'PEM file on the computer that epicstar runs on; trusted besides the usual ones.',
    kind: 'text',
    empty: 'the usual ones',
  },
  allowInsecure: {
    group: 'network',
    label: 'Hosts that may be reached by plain http',
    line: 'Others on the way to them can read tokens and code.',
    kind: 'hosts',
    empty: 'none',
  },
  webHosts: {
    group: 'window',
    label: 'Names of this window for other computers',
    line: 'Under these names browsers elsewhere may open it. Without one, only this computer may.',
    kind: 'hosts',
    empty: 'none',
    atNextStart: true,
  },
  logLevel: {
    group: 'window',
    label: 'How much is logged',
    line: 'Details help to find a fault; they make the log larger.',
    kind: 'choice',
    options: { debug: 'Details', info: 'What happens', warn: 'Warnings and errors', error: 'Errors alone' },
    atNextStart: true,
  },
  logFormat: {
    group: 'window',
    label: 'How the log is written',
    line: 'As lines for people, or as JSON for programs.',
    kind: 'choice',
    options: { text: 'Lines', json: 'JSON' },
    atNextStart: true,
  },
  githubApiUrl: {
    group: 'expert',
    label: 'Address of GitHub',
    line: beyondAccounts,
    kind: 'text',
  },
  githubClientId: {
    group: 'expert',
    label: 'Client id of the GitHub app',
    line: 'With one you sign in by a code on GitHub; without one, by a token.',
    kind: 'text',
    empty: 'none',
  },
  target: {
    group: 'expert',
    label: 'Where mirrors go',
    line: beyondAccounts,
    kind: 'choice',
    options: { onedev: 'OneDev', folder: 'A folder' },
  },
  onedevUrl: {
    group: 'expert',
    label: 'Address of OneDev',
    line: beyondAccounts,
    kind: 'text',
    empty: 'not set',
  },
  onedevRoot: {
    group: 'expert',
    label: 'Project above all mirrors',
    line: 'Where another one is named, all mirrors are made anew below it.',
    kind: 'text',
  },
  folder: {
    group: 'expert',
    label: 'Folder of the mirrors',
    line: beyondAccounts,
    kind: 'text',
    empty: 'not set',
  },
};

/** What is said of any setting: one that is not known here goes by its own name. */
export function factOf({ name, allowed }: { readonly name: string; readonly allowed: string }): SettingFact {
  const known = Object.hasOwn(settingFacts, name) ? settingFacts[name] : undefined;
  return known ?? { group: 'expert', label: name, line: `Allowed: ${allowed}.`, kind: 'text' };
}
