/** @file What a stranger wrote, in the tray's menu and in notifications: one line of plain text, never markup. */
import { describe, expect, it } from 'vitest';
import { makeLinks } from '../../../src-main/bridge/links.ts';
import { shapeOverview } from '../../../src-main/bridge/shape-overview.ts';
import { shapeRun } from '../../../src-main/bridge/shape-runs.ts';
import { type NotificationKind, notificationKinds } from '../../../src-main/shell/notification-state.ts';
import { describeEvents, describeNeeds } from '../../../src-main/shell/notification-words.ts';
import { type TrayItem, trayView } from '../../../src-main/shell/tray-view.ts';
import { badCharactersIn, hostile, hostileDescription } from '../../support/hostile-text.ts';
import { errorRecord, makeOverview, makeRun, scriptedNow } from '../../support/scripted-facts.ts';

const links = makeLinks(() => ({ githubWebUrl: 'https://github.com', targetUrl: null }));

function labelsOf(items: readonly TrayItem[]): readonly string[] {
  return items.flatMap((item) => {
    if (item.kind === 'separator') return [];
    return item.kind === 'menu' ? [item.label, ...labelsOf(item.items)] : [item.label];
  });
}

/** One line without controls; U+FFFD stands for what was unseen. */
function expectPlain(text: string, most: number): void {
  expect(badCharactersIn(text)).toEqual([]);
  expect(text).not.toContain('\n');
  expect(text.length).toBeLessThanOrEqual(most);
}

describe('hostile texts', () => {
  it.each(Object.entries({ ...hostile, all: hostileDescription }))('in the tray: %s', (_name, text) => {
    const overview = makeOverview({
      troubles: [{ error: errorRecord('target-name-clash', text), since: scriptedNow, until: null }],
    });
    const view = trayView({
      connection: 'open',
      overview: shapeOverview(overview, [], links, text.slice(0, 50)),
      isUnderstood: true,
      runs: [shapeRun(makeRun({ fullName: `a/${text}` }), null, links)],
      update: { version: text, state: 'available' },
      formatTime: () => '12:00',
    });
    expectPlain(view.tooltip, 127);
    for (const label of labelsOf(view.items)) expectPlain(label, 120);
  });

  it.each(Object.entries({ ...hostile, all: hostileDescription }))('in notifications: %s', (_name, text) => {
    const item = { name: `a/${text}`.slice(0, 300), githubId: 1, note: text.slice(0, 100) };
    for (const kind of notificationKinds satisfies readonly NotificationKind[]) {
      for (const count of [1, 3]) {
        const pending = { kind, since: 0, count, items: count === 1 ? [item] : [item, { ...item, githubId: 2 }] };
        for (const view of [describeEvents(kind, pending), describeNeeds('needs-you', [], pending)]) {
          if (view === null) throw new Error('nothing is told');
          expectPlain(view.title, 120);
          expectPlain(view.body, 250);
          expect(`${view.title}${view.body}`).not.toMatch(/[<>&]/);
        }
      }
    }
  });
});
