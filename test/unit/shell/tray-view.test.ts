/** @file What tray icon, tooltip and menu show in each state of the engine. */
import { describe, expect, test } from 'vitest';
import { makeLinks } from '../../../src-main/bridge/links.ts';
import { shapeOverview } from '../../../src-main/bridge/shape-overview.ts';
import { shapeRun } from '../../../src-main/bridge/shape-runs.ts';
import type { Overview, Run } from '../../../src-main/engine/core/engine-api.ts';
import { type TrayAction, type TrayItem, type TrayUpdate, trayView } from '../../../src-main/shell/tray-view.ts';
import { errorRecord, makeOverview, makeRun, makeTotals, scriptedNow } from '../../support/scripted-facts.ts';

const links = makeLinks(() => ({ githubWebUrl: 'https://github.com', targetUrl: 'https://onedev.example.org' }));

function view(change: Partial<Overview> | null, runs: readonly Run[] = [], update: TrayUpdate | null = null) {
  return trayView({
    connection: 'open',
    overview: change === null ? null : shapeOverview(makeOverview(change), [], links, '1.2.3'),
    isUnderstood: true,
    runs: runs.map((run) => shapeRun(run, 'https://onedev.example.org/github/a/b', links)),
    update,
    formatTime: (at) => new Date(at).toISOString().slice(11, 16),
  });
}

/** Labels, those of a menu inside behind `>`. */
function labels(items: readonly TrayItem[], before = ''): readonly string[] {
  return items.flatMap((item) => {
    if (item.kind === 'separator') return [];
    const label = `${before}${item.label}`;
    return item.kind === 'menu' ? [label, ...labels(item.items, `${label} > `)] : [label];
  });
}

const trouble = (code: Parameters<typeof errorRecord>[0]) => ({
  error: errorRecord(code),
  since: scriptedNow,
  until: null,
});

describe('the tray', () => {
  test.each([
    ['idle', {}, 'epicstar: All 1,204 stars are safe'],
    ['working', { totals: makeTotals({ jobs: { running: 2 } }) }, 'epicstar: Mirroring 2 repositories'],
    ['paused', { pause: { since: scriptedNow, until: null } }, 'epicstar: Paused until you resume'],
    ['attention', { troubles: [trouble('disk-full')] }, 'epicstar: The disk is full.'],
    ['error', { totals: makeTotals({ failed: 2 }) }, 'epicstar: 2 repositories could not be mirrored'],
    ['signed-out', { troubles: [trouble('github-signed-out')] }, 'epicstar: GitHub does not accept the token.'],
    ['offline', { isOnline: false, troubles: [trouble('disk-full')] }, 'epicstar: Offline'],
  ] satisfies readonly (readonly [string, Partial<Overview>, string])[])('is %s', (icon, change, tooltip) => {
    expect(view(change)).toMatchObject({ icon, tooltip });
  });

  test('one repository that will be tried again is no error', () => {
    expect(view({ totals: makeTotals({ mirrored: 1_203, jobs: { waiting: 1 } }) }).icon).toBe('idle');
  });

  test('can do everything by its menu', () => {
    expect(labels(view({}, [makeRun()]).items)).toEqual([
      'All 1,204 stars are safe',
      'Open epicstar',
      'Look for new stars now',
      'Pause',
      'Pause > Until resumed',
      'Pause > For an hour',
      'Pause > Until tomorrow morning',
      'Last runs',
      'Last runs > facebook/react',
      'Last runs > facebook/react > Show',
      'Last runs > facebook/react > Open on OneDev',
      'Last runs > facebook/react > Open on GitHub',
      'Settings',
      'About epicstar',
      'Quit epicstar',
    ]);
  });

  test('offers what the state asks for', () => {
    const has = (change: Partial<Overview>): readonly string[] => labels(view(change).items);
    expect(has({ pause: { since: scriptedNow, until: null } })).toContain('Resume');
    expect(has({ pause: { since: scriptedNow, until: null } })).not.toContain('Pause');
    expect(has({ troubles: [trouble('github-signed-out')] })).toContain('Sign in to GitHub');
    expect(has({ troubles: [trouble('target-not-set')] })).toContain('Choose where mirrors go');
    expect(has({ awaitsSelection: true })).toContain('Go on with the set-up');
    expect(has({ totals: makeTotals({ failed: 3, asks: 2 }) })).toEqual(
      expect.arrayContaining([
        'Try again what failed',
        'Large repositories that wait for your word (2)',
        'Repositories that could not be mirrored (3)',
      ]),
    );
  });

  test('can be opened and ended before the engine has spoken', () => {
    expect(labels(view(null).items)).toEqual([
      'epicstar is starting',
      'Open epicstar',
      'Settings',
      'About epicstar',
      'Quit epicstar',
    ]);
  });

  test.each([
    ['connecting', 'idle', 'epicstar: Connecting'],
    ['open', 'idle', 'epicstar: epicstar is starting'],
    ['closed', 'offline', 'epicstar: The engine cannot be reached; it is tried again'],
    ['signed-out', 'signed-out', 'epicstar: The engine does not accept the token'],
  ] as const)('tells of a link that is %s', (connection, icon, tooltip) => {
    const unknown = { connection, overview: null, runs: [], update: null, formatTime: String };
    const shown = trayView({ ...unknown, isUnderstood: true });
    expect(shown).toMatchObject({ icon, tooltip });
    expect(labels(shown.items)).not.toContain('Look for new stars now');
    const isHeard = connection === 'open';
    expect(trayView({ ...unknown, isUnderstood: false })).toMatchObject(
      isHeard
        ? { icon: 'attention', tooltip: 'epicstar: The engine is of another version and is not understood' }
        : { icon, tooltip },
    );
  });

  test.each<[TrayUpdate, string, TrayAction]>([
    [{ version: '1.3.0', state: 'available' }, 'Version 1.3.0 is there', { kind: 'open', place: '/settings' }],
    [{ version: '1.3.0', state: 'ready' }, 'Restart to update to 1.3.0', { kind: 'install-update' }],
    [{ version: '1.2.3', state: 'running' }, 'What is new in 1.2.3', { kind: 'open', place: '/settings' }],
  ])('tells of an update: %o', (update, label, action) => {
    const item = view({}, [], update).items.find((one) => one.kind === 'press' && one.label === label);
    expect(item).toEqual({ kind: 'press', label, action });
    expect(view({}).items).not.toContainEqual(item);
    expect(view({}, [], update).icon).toBe('idle');
  });

  test('shows names of strangers as one line that turns nothing around', () => {
    const fullName = 'ada/\u202Egpj.exe\nQuit\tCtrl+Q\u0000';
    const run = { ...shapeRun(makeRun(), 'https://onedev.example.org/github/a/b', links), fullName };
    const overview = shapeOverview(makeOverview({}), [], links, '1.2.3');
    const state = { ...overview.state, sentence: ['Mirroring ', fullName] };
    const told = trayView({
      connection: 'open',
      overview: { ...overview, state },
      isUnderstood: true,
      runs: [run],
      update: { version: '1.0.0\u202E', state: 'ready' },
      formatTime: String,
    });
    const all = [...labels(told.items), told.tooltip].join('');
    expect(all).not.toMatch(/[\p{Cc}\u202e]/u);
    expect(all).toContain('gpj.exe Quit Ctrl+Q');
  });

  test('shows at most five runs and cuts what is long', () => {
    const runs = Array.from({ length: 9 }, (_, index) => makeRun({ id: index + 1, fullName: `a/${'x'.repeat(200)}` }));
    const last = view({}, runs).items.find((item) => item.kind === 'menu' && item.label === 'Last runs');
    const items = last?.kind === 'menu' ? last.items : [];
    expect(items).toHaveLength(5);
    for (const item of items) expect(item.kind === 'menu' ? item.label.length : 99).toBeLessThanOrEqual(60);
    expect(view({ troubles: [trouble('disk-full')] }).tooltip.length).toBeLessThanOrEqual(127);
  });
});
