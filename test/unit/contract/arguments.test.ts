/** @file Arguments that are almost right. Each call's right argument is changed in one place, and refused or right. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CallInput, type CallName, calls, isCallName } from '../../../src-preload/contract/schema.ts';

const onlyNever = { only: ['a'], never: [] };
const rules: CallInput<'selection.save'>['rules'] = {
  scope: 'new-only',
  newSince: 1_700_000_000_000,
  owners: onlyNever,
  languages: onlyNever,
  topics: onlyNever,
  lists: onlyNever,
  forks: 'mirror',
  archived: 'skip',
  privateOnes: 'mirror',
  namePatterns: onlyNever,
  askAboveKb: 1_000_000,
};
const candidate = {
  kind: 'onedev' as const,
  url: 'https://onedev.example.org',
  token: 'token',
  root: 'github',
  caFile: null,
  allowInsecure: false,
};
const filter = {
  text: 'words',
  state: 'mirrored' as const,
  states: ['failed' as const],
  languages: ['Rust'],
  owners: ['ada'],
  isPrivate: true,
  isArchived: null,
  isFork: false,
  isAbsent: null,
  minSizeKb: 0,
  maxSizeKb: 10,
};
const page = { offset: 0, limit: 200 };

/** A right argument of each call, with every field that it may have. */
const right: { readonly [C in CallName]: CallInput<C> } = {
  'overview.get': {},
  'handouts.bundle': { githubId: 1, withKept: true },
  'handouts.push': { githubId: 1, address: 'https://git.example/a', user: '', token: '', withKept: false },
  'handouts.get': { id: 'a-1' },
  'handouts.of': { githubId: 1 },
  'handouts.end': { id: 'a-1' },
  'kept.totals': {},
  'mirrors.archive': { githubIds: [1] },
  'mirrors.bringBack': { githubIds: [1] },
  'mirrors.delete': { wishes: [{ githubId: 1, typedName: 'ada/engine' }] },
  'mirrors.acts': {},
  'asks.list': { offset: 0, limit: 20 },
  'extras.get': { githubId: 1 },
  'extras.starSubmodule': { githubId: 1, fullName: 'ada/lib' },
  'work.get': {},
  'jobs.list': { states: ['queued', 'running'], ...page },
  'jobs.cancel': { jobId: 7 },
  'repositories.list': { ...filter, order: 'size', descending: true, ...page },
  'repositories.ids': filter,
  'repositories.facets': filter,
  'repositories.get': { githubId: 1 },
  'repositories.choose': { githubIds: [1, 2], choice: 'exclude' },
  'repositories.keptRefs': { githubId: 1 },
  'repositories.verify': { githubId: 1 },
  'proofs.begin': { githubIds: [1, 2] },
  'proofs.end': {},
  'drills.begin': { githubId: 1 },
  'mirror.followLoss': { githubId: 1 },
  'mirror.mirrorBuilds': { githubId: 1 },
  'repositories.restore': { githubId: 1, keptRef: 'refs/epicstar/kept/20261124T081530123Z/heads/main' },
  'runs.list': { githubId: 1, outcome: 'done', since: 1, until: 2, text: 'a', ...page },
  'runs.forget': { before: 1 },
  'statistics.get': { days: [1, 2], starBounds: [1] },
  'look.now': { full: true },
  'pause.set': { until: 1 },
  'pause.resume': {},
  'mirror.now': { githubIds: [1] },
  'mirror.retryFailed': {},
  'diagnosis.get': {},
  'visibility.set': { visible: false },
  'setup.get': {},
  'setup.beginDeviceFlow': { apiUrl: 'https://api.github.com', withPrivate: true },
  'setup.cancelDeviceFlow': {},
  'setup.useGithubToken': { apiUrl: 'https://api.github.com', token: 'token' },
  'setup.signOutGithub': {},
  'setup.testTarget': { candidate },
  'setup.cancelTest': {},
  'setup.saveTarget': { candidate: { kind: 'folder', folder: '/mirrors' } },
  'setup.bootstrapTarget': {
    url: 'https://onedev.example.org',
    user: 'admin',
    password: 'password',
    root: 'github',
    caFile: null,
    allowInsecure: false,
  },
  'selection.get': {},
  'selection.preview': { rules },
  'selection.save': { rules },
  'settings.list': {},
  'settings.change': { change: { pollSeconds: '60', caFile: null } },
  'settings.export': {},
  'settings.previewImport': { text: '{}' },
  'settings.import': { text: '{}' },
  'desktop.get': {},
  'desktop.set': {
    startsHidden: true,
    opensAs: 'window',
    worksOnBattery: true,
    isMetered: false,
    notifications: [{ kind: 'new-stars', isOn: false }],
    updateChannel: 'beta',
  },
  'desktop.setLogin': { isOn: true },
  'desktop.attach': { address: 'https://mirrors.example.org', token: 'token' },
  'desktop.openPlace': { place: '/repositories/12' },
  'desktop.hidePopup': {},
  'desktop.restart': {},
  'desktop.allowPlain': {},
  'desktop.lookForUpdate': {},
  'desktop.downloadUpdate': {},
  'desktop.installUpdate': {},
  'desktop.readNotes': {},
};

type Json = ReturnType<typeof JSON.parse>;
type Path = readonly (string | number)[];

/** Every place in a value, the whole apart. */
function placesIn(value: Json, at: Path = []): readonly Path[] {
  if (typeof value !== 'object' || value === null) return at.length === 0 ? [] : [at];
  const inner = Object.entries(value as Record<string, Json>).flatMap(([key, one]) => placesIn(one, [...at, key]));
  return at.length === 0 ? inner : [at, ...inner];
}

function changed(value: Json, [key, ...rest]: Path, to: Json): Json {
  if (key === undefined) return to;
  const copy: Record<string, Json> = Array.isArray(value) ? Object.assign([], value) : { ...value };
  copy[key] = changed(copy[key], rest, to);
  return copy;
}

/** Values of the wrong kind or beyond a bound at almost every place. */
const hostile = fc.oneof(
  fc.constantFrom<Json>(-1, 1.5, 1e300, '', 'x'.repeat(300_000), null, true, [], {}, [[]], { $ne: null }, ['a', 1]),
  fc.array(fc.constant(1), { minLength: 10_001, maxLength: 10_001 }),
  fc.jsonValue(),
);

const names = Object.keys(calls).filter(isCallName);

describe('an argument', () => {
  test.each(names)('of %s that is right is taken', (name) => {
    expect(calls[name].argument.safeParse(right[name]).error?.issues).toBeUndefined();
  });

  test.each(names)('of %s takes no name that is not its own, at any depth', (name) => {
    const objects = [[], ...placesIn(right[name])].filter((place) => {
      const value = place.reduce<Json>((inner, key) => inner[key], right[name]);
      const isFreeForm = name === 'settings.change' && place[0] === 'change';
      return typeof value === 'object' && value !== null && !Array.isArray(value) && !isFreeForm;
    });
    for (const place of objects) {
      const wrong = changed(right[name], [...place, 'stranger'], 1);
      expect(calls[name].argument.safeParse(wrong).success, `${name} ${place.join('.')}`).toBe(false);
    }
  });

  test.each(names.filter((name) => placesIn(right[name]).length > 0))(
    'of %s that is changed in one place is refused, or is as good as before',
    (name) => {
      const parser = calls[name].argument;
      let refused = 0;
      fc.assert(
        fc.property(fc.constantFrom(...placesIn(right[name])), hostile, (place, value) => {
          const parsed = parser.safeParse(changed(right[name], place, value));
          if (!parsed.success) {
            refused += 1;
            return;
          }
          // What is taken has only known names and bounded values, so that parsing it again changes nothing.
          expect(parser.safeParse(parsed.data).success).toBe(true);
          expect(JSON.stringify(parsed.data).length).toBeLessThan(262_144);
        }),
        { numRuns: 150 },
      );
      expect(refused).toBeGreaterThan(30);
    },
  );
});
