/** @file What is notified of, when, and in which words. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { ErrorCode } from '../../../src-main/engine/core/engine-api.ts';
import { hourMs, remindAfterMs, settleMs } from '../../../src-main/shell/notification-policy.ts';
import {
  emptyNotificationState,
  type NotificationKind,
  readNotificationState,
} from '../../../src-main/shell/notification-state.ts';
import type { NotificationView } from '../../../src-main/shell/notification-words.ts';
import { Desk, overview, rescued, rewriting, runs, troubled } from '../../support/notification-desk.ts';
import { makeTotals } from '../../support/scripted-facts.ts';

const minuteMs = 60_000;

const words = (views: readonly NotificationView[]): readonly string[] =>
  views.map(({ title, body }) => `${title} | ${body}`);

describe('notifications', () => {
  let desk: Desk;

  beforeEach(() => {
    desk = new Desk();
    desk.give({ kind: 'began' });
    desk.give(overview());
    desk.pass(hourMs);
  });

  it('tell nothing of what goes well by itself', () => {
    desk.give(runs({ cause: 'pushed' }, { cause: 'sweep' }, { cause: 'user' }, { outcome: 'waiting' }));
    desk.give(runs({ code: 'github-unavailable', outcome: 'retry', attempt: 3 }, { outcome: 'cancelled' }));
    desk.give(troubled('github-unavailable', 'target-starting', 'github-rate-limited'));
    desk.give(overview({ isOnline: false }));
    expect(desk.pass(24 * hourMs)).toEqual([]);
    expect(desk.wakeAt).toBeNull();
  });

  it.each<[ErrorCode, NotificationKind, string, string]>([
    ['github-signed-out', 'needs-you', 'Sign in to GitHub', '/setup/github'],
    ['target-signed-out', 'needs-you', 'The mirror server needs a token', '/setup/target'],
    ['target-token-limited', 'needs-you', 'The mirror server needs a token', '/setup/target'],
    ['target-not-set', 'needs-you', 'Choose where mirrors go', '/setup/target'],
    ['target-right-missing', 'needs-you', 'A right is missing', '/'],
    ['git-missing', 'needs-you', 'git is missing', '/'],
    ['config-invalid', 'needs-you', 'epicstar needs you', '/settings'],
    ['disk-full', 'disk', 'The disk is full', '/'],
  ])('tell of %s', (code, kind, title, place) => {
    desk.give(troubled(code));
    const [view, ...more] = desk.pass(minuteMs);
    expect(more).toEqual([]);
    expect(view).toMatchObject({ kind, title, click: { kind: 'open', place }, count: 1 });
    expect(view?.actions).toHaveLength(1);
  });

  it('tell of what a person has to do once, and again after a day', () => {
    desk.give(troubled('github-signed-out'));
    expect(desk.pass(minuteMs)).toHaveLength(1);
    desk.give(troubled('github-signed-out'));
    expect(desk.pass(remindAfterMs - 2 * minuteMs)).toEqual([]);
    expect(words(desk.pass(2 * minuteMs))).toEqual([expect.stringMatching(/^Sign in to GitHub/)]);
    desk.give(overview());
    expect(desk.pass(3 * remindAfterMs)).toEqual([]);
  });

  it('tell of several needs in one', () => {
    desk.give(troubled('github-signed-out', 'target-signed-out'));
    desk.give(runs({ code: 'target-right-missing', fullName: 'ada/engine' }));
    expect(desk.pass(minuteMs)).toMatchObject([{ title: 'Sign in to GitHub', count: 3 }]);
    expect(desk.shown[0]?.body).toMatch(/Also: The mirror server needs a token; ada\/engine needs you\.$/);
  });

  it('tell nothing of what was over before it could be told, or comes and goes', () => {
    desk.give(troubled('github-signed-out'));
    desk.give(overview());
    expect(desk.pass(hourMs)).toEqual([]);
    desk.give(troubled('github-signed-out'));
    expect(desk.pass(minuteMs)).toHaveLength(1);
    desk.give(overview());
    desk.pass(10 * minuteMs);
    desk.give(troubled('github-signed-out'));
    expect(desk.pass(2 * hourMs)).toEqual([]);
  });

  it('tell nothing again after a restart', () => {
    desk.give(troubled('github-signed-out'));
    desk.pass(minuteMs);
    // As an engine that ends says it.
    desk.give(overview());
    desk.now += 5 * hourMs;
    desk.give({ kind: 'began' });
    desk.give(overview());
    desk.pass(2 * minuteMs);
    desk.give(troubled('github-signed-out'));
    expect(desk.pass(2 * hourMs)).toEqual([]);
  });

  it('tell nothing in the first seconds after start and wake, and then what is left of it', () => {
    desk.give({ kind: 'began' });
    desk.give(troubled('github-signed-out', 'disk-full'));
    expect(desk.pass(settleMs - 1)).toEqual([]);
    desk.give(troubled('disk-full'));
    expect(desk.pass(minuteMs).map(({ kind }) => kind)).toEqual(['disk']);
  });

  it('tell nothing of what the person does in the window', () => {
    desk.isSeen = true;
    desk.give(troubled('github-signed-out'));
    desk.give(runs({ cause: 'user', code: 'target-name-clash' }, { cause: 'new-star', finishedAt: desk.now }));
    desk.isSeen = false;
    expect(desk.pass(2 * hourMs)).toEqual([]);
    expect(desk.pass(remindAfterMs)).toMatchObject([{ title: 'Sign in to GitHub' }]);
  });

  it('leave all that is missing to the wizard of the first run', () => {
    desk.isFirstRun = true;
    desk.give(troubled('github-signed-out', 'target-not-set'));
    expect(desk.pass(2 * hourMs)).toEqual([]);
  });

  it('tell of a rewritten default branch, and of no other', () => {
    desk.give(runs({ ...rewriting('refs/heads/topic'), defaultBranch: 'main' }));
    desk.give(runs({ ...rewriting('refs/heads/topic', 'delete') }));
    expect(desk.pass(hourMs)).toEqual([]);
    desk.give(runs({ ...rewriting('refs/heads/main'), defaultBranch: 'main', fullName: 'ada/engine', githubId: 77 }));
    const [view] = desk.pass(minuteMs);
    expect(view).toMatchObject({
      kind: 'rewrite-caught',
      title: 'ada/engine was rewritten',
      click: { kind: 'open-repository', githubId: 77 },
    });
  });

  it('tell once of a repository that is gone for certain, and nothing of a run that found it gone', () => {
    const gone = { code: 'github-gone', fullName: 'ada/engine', githubId: 77 } as const;
    desk.give(rescued('old/one'));
    for (let day = 0; day < 3; day += 1) {
      desk.give(runs(gone, { ...gone, code: 'github-blocked' }));
      expect(desk.pass(24 * hourMs)).toEqual([]);
    }
    desk.give(rescued('ada/engine', 'old/one'));
    const [view, ...more] = desk.pass(minuteMs);
    expect(more).toEqual([]);
    expect(view).toMatchObject({
      kind: 'upstream-gone',
      title: 'ada/engine is gone from GitHub',
      click: { kind: 'open-repository' },
    });
    for (let day = 0; day < 10; day += 1) {
      desk.give(rescued('ada/engine', 'old/one'));
      desk.give(runs(gone));
      expect(desk.pass(24 * hourMs)).toEqual([]);
    }
    desk.give(rescued('ada/engine', 'ada/blocked', 'old/one'));
    expect(words(desk.pass(minuteMs))).toEqual([expect.stringMatching(/^ada\/blocked was blocked by GitHub/)]);
  });

  it('tell of several that are gone in one an hour, which leads to all that was rescued', () => {
    desk.give(rescued());
    desk.give(rescued('a/a', 'b/b'));
    desk.give(runs({ code: 'source-emptied', fullName: 'ada/notes' }));
    const [view] = desk.pass(minuteMs);
    expect(view).toMatchObject({ title: '3 repositories are gone from GitHub', count: 3 });
    expect(view?.click).toEqual({ kind: 'open', place: '/rescued' });
    desk.give(rescued('a/a', 'b/b', 'c/c'));
    expect(desk.pass(hourMs - 2 * minuteMs)).toEqual([]);
    expect(desk.pass(2 * minuteMs)).toMatchObject([{ title: 'c/c is gone from GitHub' }]);
  });

  it('tell nothing of what was gone before anybody listened, and again of one that came back', () => {
    desk.give(rescued('a/a', 'b/b'));
    expect(desk.pass(24 * hourMs)).toEqual([]);
    desk.give(rescued('b/b'));
    desk.give(rescued('a/a', 'b/b'));
    expect(desk.pass(minuteMs)).toMatchObject([{ title: 'a/a is gone from GitHub' }]);
  });

  it('tell of the first failure in a row, then rarely', () => {
    const failing = { code: 'target-name-unfit', fullName: 'ada/engine', githubId: 77 } as const;
    const toldOn: number[] = [];
    for (let day = 1; day <= 20; day += 1) {
      desk.give(runs(failing));
      if (desk.pass(24 * hourMs).length > 0) toldOn.push(day);
    }
    expect(toldOn).toEqual([1, 4, 16]);
    desk.give(runs({ githubId: 77 }));
    desk.give(runs(failing));
    expect(desk.pass(minuteMs)).toHaveLength(1);
  });

  it('tell of several failures in one summary', () => {
    desk.give(
      runs(
        ...['a/a', 'a/b', 'a/c', 'a/d', 'a/e', 'a/f', 'a/g'].map(
          (fullName) => ({ code: 'internal', fullName }) as const,
        ),
      ),
    );
    const [view] = desk.pass(2 * minuteMs);
    expect(view?.title).toBe('7 repositories could not be mirrored');
    expect(view?.body).toBe('a/a, a/b, a/c and 4 others');
    expect(view?.actions.map(({ action }) => action.kind)).toEqual(['retry-failed', 'open']);
  });

  it('offer to try one failed repository again', () => {
    desk.give(runs({ code: 'internal', outcome: 'retry', attempt: 8, githubId: 77 }));
    expect(desk.pass(2 * minuteMs)).toMatchObject([
      { kind: 'failed-again', actions: [{ action: { kind: 'mirror', githubIds: [77] } }, { label: 'Open' }] },
    ]);
  });

  it('group new stars, and can be turned off by kind', () => {
    desk.give(runs({ cause: 'new-star', finishedAt: desk.now, fullName: 'ada/engine' }));
    desk.pass(minuteMs / 2);
    desk.give(runs({ cause: 'new-star', finishedAt: desk.now, fullName: 'ada/notes' }));
    expect(words(desk.pass(minuteMs))).toEqual(['2 new stars are safe | ada/engine and ada/notes are mirrored.']);
    desk.off.add('new-stars');
    desk.give(runs({ cause: 'new-star', finishedAt: desk.now }));
    desk.pass(2 * hourMs);
    desk.off.delete('new-stars');
    desk.give({ kind: 'time' });
    expect(desk.pass(2 * hourMs)).toEqual([]);
    expect(desk.shown).toHaveLength(1);
  });

  it('tell no old news of a kind that is turned on again', () => {
    desk.give(runs({ code: 'internal' }));
    desk.off.add('failed-again');
    desk.give({ kind: 'time' });
    desk.off.delete('failed-again');
    desk.give({ kind: 'time' });
    expect(desk.pass(2 * hourMs)).toEqual([]);
  });

  it('keep nothing back for long where the clock was put back', () => {
    desk.give(runs({ code: 'internal' }));
    expect(desk.pass(2 * minuteMs)).toHaveLength(1);
    desk.now -= 30 * 24 * hourMs;
    desk.give(runs({ code: 'internal' }));
    expect(desk.pass(hourMs - 1)).toEqual([]);
    expect(desk.pass(minuteMs)).toHaveLength(1);
  });

  it('begin anew with what cannot be read', () => {
    for (const stored of [undefined, null, 'x', {}, { ...emptyNotificationState, told: 'x' }]) {
      expect(readNotificationState(stored)).toEqual(emptyNotificationState);
    }
  });

  it('are plain text, cut, without words of others', () => {
    const name = `<a href="x">\u202e&${'n'.repeat(270)}`;
    desk.give(
      runs(
        { code: 'internal', fullName: name },
        { code: 'source-emptied', fullName: name },
        { ...rewriting('<r>'), fullName: name },
      ),
    );
    desk.give(
      runs(
        { code: 'target-right-missing', fullName: name },
        { cause: 'new-star', finishedAt: desk.now, fullName: name },
      ),
    );
    const views = desk.pass(2 * minuteMs);
    expect(views).toHaveLength(5);
    for (const { title, body, actions } of views) {
      expect(title.length).toBeLessThanOrEqual(120);
      expect(body.length).toBeLessThanOrEqual(250);
      expect(`${title}${body}`).not.toMatch(/[<>&\u202e]|ghp_|fatal/);
      expect(actions.length).toBeGreaterThan(0);
    }
  });
});

describe('the first success', () => {
  const backfilling = overview({ totals: makeTotals({ mirrored: 3, jobs: { queued: 1_201 } }) });
  const nothingYet = overview({ totals: makeTotals({ mirrored: 0, jobs: { queued: 1_204 } }) });

  it('is told once, and no new star before', () => {
    const desk = new Desk();
    desk.give({ kind: 'began' });
    desk.give(nothingYet);
    desk.pass(hourMs);
    desk.give(runs({ cause: 'new-star', finishedAt: desk.now }));
    desk.give(backfilling);
    expect(desk.pass(hourMs)).toEqual([]);
    desk.give(overview());
    desk.give(runs({ cause: 'new-star', finishedAt: desk.now }));
    desk.pass(hourMs);
    expect(words(desk.shown)).toEqual([expect.stringMatching(/^Your stars are safe/)]);
    desk.give(overview());
    desk.give(runs({ cause: 'new-star', finishedAt: desk.now }));
    expect(desk.pass(hourMs).map(({ kind }) => kind)).toEqual(['new-stars']);
  });

  it('is not told to whoever had mirrors before, nor to whoever looks on', () => {
    const before = new Desk();
    before.give(backfilling);
    before.give(overview());
    const looking = new Desk();
    looking.isSeen = true;
    looking.give(nothingYet);
    looking.give(overview());
    looking.isSeen = false;
    expect([...before.pass(hourMs), ...looking.pass(hourMs)]).toEqual([]);
  });
});
