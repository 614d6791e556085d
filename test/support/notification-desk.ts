/** @file What happens on a desktop that is notified, and the desktop over time, for tests of the policy. */
import { expect } from 'vitest';
import { makeLinks } from '../../src-main/bridge/links.ts';
import { shapeOverview } from '../../src-main/bridge/shape-overview.ts';
import { shapeRun } from '../../src-main/bridge/shape-runs.ts';
import type { ErrorCode, Overview, Run } from '../../src-main/engine/core/engine-api.ts';
import { type EndedRun, type NotificationEvent, stepNotifications } from '../../src-main/shell/notification-policy.ts';
import {
  emptyNotificationState,
  type NotificationKind,
  type NotificationState,
  readNotificationState,
} from '../../src-main/shell/notification-state.ts';
import type { NotificationView } from '../../src-main/shell/notification-words.ts';
import { errorRecord, makeOverview, makeRun, scriptedNow } from './scripted-facts.ts';

const links = makeLinks(() => ({ githubWebUrl: 'https://github.com', targetUrl: null }));

export const overview = (change: Partial<Overview> = {}): NotificationEvent => ({
  kind: 'overview',
  overview: shapeOverview(makeOverview(change), [], links, '1'),
});
export const troubled = (...codes: readonly ErrorCode[]): NotificationEvent =>
  overview({ troubles: codes.map((code) => ({ error: errorRecord(code), since: scriptedNow, until: null })) });

/** All that is gone by now, by names. */
export const rescued = (...names: readonly string[]): NotificationEvent => ({
  kind: 'rescued',
  repositories: names.map((fullName) => ({
    githubId: Number.parseInt(Buffer.from(fullName).toString('hex').slice(-12), 16),
    fullName,
    isBlocked: fullName.includes('blocked'),
  })),
});

export interface RunChange extends Partial<Omit<Run, 'error'>> {
  readonly code?: ErrorCode;
  readonly defaultBranch?: string | null;
}

let ids = 0;

function ended({ code, defaultBranch = null, ...change }: RunChange): EndedRun {
  ids += 1;
  const run = makeRun({
    id: ids,
    githubId: ids,
    fullName: `a/r${ids}`,
    outcome: code === undefined ? 'done' : 'failed',
    error: code === undefined ? null : errorRecord(code, 'token ghp_secret, fatal: <b>words of git</b>'),
    ...change,
  });
  return { run: shapeRun(run, null, links), defaultBranch };
}

export const runs = (...changes: readonly RunChange[]): NotificationEvent => ({
  kind: 'runs',
  runs: changes.map(ended),
});

export function rewriting(ref: string, kind: 'rewrite' | 'delete' = 'rewrite'): Pick<Run, 'report'> {
  const moved = { ref, kind, from: 'a'.repeat(40), to: 'b'.repeat(40), keptAs: `refs/epicstar/kept/1/heads/x` };
  return { report: { ...makeRun().report, rewritten: 1, kept: 1, moved: [moved] } };
}

/** A desktop over time: each step stores its state as text and reads it again. */
export class Desk {
  state: NotificationState = emptyNotificationState;
  now = scriptedNow;
  isSeen = false;
  isFirstRun = false;
  readonly off = new Set<NotificationKind>();
  readonly shown: NotificationView[] = [];
  wakeAt: number | null = null;

  give(event: NotificationEvent): readonly NotificationView[] {
    const { now, isSeen, isFirstRun } = this;
    const facts = { now, isSeen, isFirstRun, isOn: (kind: NotificationKind) => !this.off.has(kind) };
    const { state, show, wakeAt } = stepNotifications(this.state, event, facts);
    const text = JSON.stringify(state);
    this.state = readNotificationState(JSON.parse(text));
    // Nothing of it is too large or too strange to be read again.
    expect(JSON.stringify(this.state)).toBe(text);
    this.shown.push(...show);
    this.wakeAt = wakeAt;
    return show;
  }

  /** Time goes by; whenever something is due the policy is asked. */
  pass(byMs: number): readonly NotificationView[] {
    const until = this.now + byMs;
    const before = this.shown.length;
    for (let turns = 0; this.wakeAt !== null && this.wakeAt <= until && turns < 1_000; turns += 1) {
      this.now = Math.max(this.now, this.wakeAt);
      this.give({ kind: 'time' });
    }
    this.now = until;
    return this.shown.slice(before);
  }
}
