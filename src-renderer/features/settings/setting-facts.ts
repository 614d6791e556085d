/** @file What the window says of each setting that it knows by name. Pure; which settings there are tells the engine. */
export const settingGroups = [
  { name: 'looking', title: 'Looking' },
  { name: 'keeping', title: 'What mirrors hold' },
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
  drillDays: {
    group: 'looking',
    label: 'Try a restore every',
    line: 'One mirror is cloned from where it is kept, looked through and thrown away, the longest not tried first. 0 never does.',
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
  sliceMb: {
    group: 'mirroring',
    label: 'A large push goes in slices of',
    line: 'Others get their turn on OneDev between two, and a cut connection loses one. 0 never slices.',
    kind: 'number',
    unit: 'MB',
  },
  sliceSeconds: {
    group: 'mirroring',
    label: 'A slice takes at most',
    line: 'About: slices grow smaller where the server is slow.',
    kind: 'number',
    unit: 'seconds',
  },
  deepenMb: {
    group: 'mirroring',
    label: 'Fetch in steps what is larger than',
    line: 'Then a cut connection loses one step. GitHub’s figure counts. 0 fetches everything at once.',
    kind: 'number',
    unit: 'MB',
  },
  clash: {
    group: 'keeping',
    label: 'When another project has the place of a mirror',
    line: 'Nothing of that project is ever lost: it is used only if it is empty, or holds nothing that upstream has not.',
    kind: 'choice',
    options: { rename: 'Put the mirror beside it', use: 'Use it if that loses nothing', fail: 'Ask me' },
  },
  holdLossPercent: {
    group: 'keeping',
    label: 'Ask when a repository loses at once',
    line: 'Of its branches and tags, ten or more. 0 never asks. What is lost upstream is kept either way.',
    kind: 'number',
    unit: '%',
  },
  keptDays: {
    group: 'keeping',
    label: 'Keep old tips for',
    line: 'What upstream rewrote or deleted. 0 keeps all for ever. Where upstream is gone or in doubt nothing goes.',
    kind: 'number',
    unit: 'days',
  },
  lists: {
    group: 'keeping',
    label: 'GitHub Lists on OneDev',
    line: 'Labels need an administrator’s token there. Parents move mirrors below one project for each List.',
    kind: 'choice',
    options: { off: 'Nothing', labels: 'Labels of mirrors', parents: 'Parents of mirrors' },
  },
  buildSpecs: {
    group: 'keeping',
    label: 'Repositories that bring a build definition',
    line: 'OneDev may run a .onedev-buildspec.yml as soon as it arrives, if a job executor there takes its jobs.',
    kind: 'choice',
    options: { hold: 'Ask for each', mirror: 'Mirror them' },
  },
  wikis: {
    group: 'keeping',
    label: 'Wikis',
    line: 'Each becomes a project of its own beside its repository. They are looked at when the repository is.',
    kind: 'choice',
    options: { off: 'Not mirrored', mirror: 'Mirrored' },
  },
  unstarred: {
    group: 'keeping',
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
