/**
 * @file Listens to the engine over the contract and tells of what the policy finds worth telling. Decides nothing itself
 * and knows nothing of Electron.
 */
import type { Client } from '../../src-preload/contract/client.ts';
import type { TopicValue } from '../../src-preload/contract/schema.ts';
import { formatBytes } from '../../src-preload/contract/words.ts';
import type { OverviewView, RunView } from '../../src-preload/contract/views.ts';
import {
  type AskingRepository,
  type EndedRun,
  type NotificationEvent,
  type RescuedRepository,
  stepNotifications,
} from './notification-policy.ts';
import { type NotificationKind, type NotificationState, readNotificationState } from './notification-state.ts';
import type { NotificationView } from './notification-words.ts';

export interface NotificationMemory {
  /** What was written last; undefined: nothing, or it cannot be read. */
  read(): unknown;
  write(state: NotificationState): void;
}

export interface NotificationCenterOptions {
  readonly client: Pick<Client, 'call' | 'listen'>;
  readonly clock: {
    now(): number;
    setTimer(delayMs: number, fire: () => void): () => void;
  };
  readonly memory: NotificationMemory;
  /** As the person wishes now. */
  readonly isOn: (kind: NotificationKind) => boolean;
  /** Whether the person looks at the window now. */
  readonly isSeen: () => boolean;
  readonly show: (notification: NotificationView) => void;
  readonly log: { warn(message: string, fields?: Readonly<Record<string, unknown>>): void };
}

/** Runs that were skipped on the wire are asked for together. */
const gapMs = 3_000;
const mostPageItems = 200;
/** Runs that end while these are asked for. */
const spareItems = 20;
const mostPages = 5;
/** So many runs are known one by one, and so many where there is no gap to be filled. */
const fewSeen = 100;
const mostSeen = 2_000;
/** A timer is never set for longer: a computer that sleeps stops it. */
const longestSleepMs = 10 * 60_000;

export class NotificationCenter {
  readonly #options: NotificationCenterOptions;
  readonly #unsubscribe: (() => void)[] = [];
  readonly #seen = new Set<number>();
  #state: NotificationState;
  #isFirstRun = false;
  #asksNumbers: string | null = null;
  /** As they were told last; null: they were not, or could not be followed up. */
  #rescuedNumbers: string | null = null;
  /** Runs up to this one ended before anybody listened. */
  #floorId: number | null = null;
  #cancelTimer: (() => void) | null = null;
  #cancelGap: (() => void) | null = null;
  /** Runs that ended since the last gap was filled. */
  #sinceGap = 0;
  /** One message after the other, though some need to ask first. */
  #queue: Promise<void> = Promise.resolve();

  constructor(options: NotificationCenterOptions) {
    this.#options = options;
    this.#state = readNotificationState(options.memory.read());
  }

  start(): void {
    const { client } = this.#options;
    this.#take({ kind: 'began' });
    this.#unsubscribe.push(
      client.listen('overview', (overview) => {
        this.#take({ kind: 'overview', overview });
        this.#noteRescued(overview.totals);
        this.#noteAsks(overview.totals);
      }),
      client.listen('setup', ({ isFirstRun }) => {
        this.#isFirstRun = isFirstRun;
        this.#take({ kind: 'time' });
      }),
      client.listen('run', (message) => this.#takeMessage(message)),
    );
  }

  /** The computer slept. */
  woke(): void {
    this.#take({ kind: 'began' });
  }

  /** Resolves when all that was heard so far is dealt with. */
  settled(): Promise<void> {
    return this.#queue;
  }

  stop(): void {
    for (const unsubscribe of this.#unsubscribe.splice(0)) unsubscribe();
    this.#cancelTimer?.();
    this.#cancelGap?.();
    this.#cancelTimer = null;
    this.#cancelGap = null;
  }

  #take(event: NotificationEvent): void {
    const { clock, memory, isOn, isSeen, show } = this.#options;
    const now = clock.now();
    const facts = { now, isOn, isSeen: isSeen(), isFirstRun: this.#isFirstRun };
    const step = stepNotifications(this.#state, event, facts);
    if (step.state !== this.#state) memory.write(step.state);
    this.#state = step.state;
    this.#cancelTimer?.();
    this.#cancelTimer =
      step.wakeAt === null
        ? null
        : clock.setTimer(Math.min(step.wakeAt - now, longestSleepMs), () => this.#take({ kind: 'time' }));
    step.show.forEach(show);
  }

  /** Which ones exist in the mirrors alone is read where their number changed. */
  #noteRescued({ rescued: count, absent }: OverviewView['totals']): void {
    // One that comes back while another goes leaves the first number as it was.
    const numbers = `${count} ${absent}`;
    if (numbers === this.#rescuedNumbers) return;
    this.#rescuedNumbers = numbers;
    this.#enqueue(async () => {
      try {
        this.#take({ kind: 'rescued', repositories: count === 0 ? [] : await this.#readRescued() });
      } catch (error) {
        // The next overview asks again.
        this.#rescuedNumbers = null;
        throw error;
      }
    });
  }

  /** The same with what waits for the person's word. */
  #noteAsks({ asks: count, starred }: OverviewView['totals']): void {
    const numbers = `${count} ${starred}`;
    if (numbers === this.#asksNumbers) return;
    this.#asksNumbers = numbers;
    this.#enqueue(async () => {
      try {
        this.#take({ kind: 'asks', repositories: count === 0 ? [] : await this.#readAsks() });
      } catch (error) {
        this.#asksNumbers = null;
        throw error;
      }
    });
  }

  async #readAsks(): Promise<readonly AskingRepository[]> {
    const rows: AskingRepository[] = [];
    for (let page = 0; page < mostPages; page += 1) {
      const { items, total } = await this.#options.client.call('asks.list', {
        offset: rows.length,
        limit: mostPageItems,
      });
      rows.push(
        ...items.map(({ repository: { githubId, fullName }, bytes }) => {
          return { githubId, fullName, size: formatBytes(bytes) };
        }),
      );
      if (items.length === 0 || rows.length >= total) break;
    }
    return rows;
  }

  async #readRescued(): Promise<readonly RescuedRepository[]> {
    const rows: RescuedRepository[] = [];
    for (let page = 0; page < mostPages; page += 1) {
      const { items, total } = await this.#options.client.call('repositories.list', {
        isRescued: true,
        order: 'name',
        offset: rows.length,
        limit: mostPageItems,
      });
      rows.push(
        ...items.map(({ githubId, fullName, verdict }) => ({
          githubId,
          fullName,
          isBlocked: verdict?.kind === 'blocked',
        })),
      );
      if (items.length === 0 || rows.length >= total) break;
    }
    return rows.toSorted((a, b) => a.githubId - b.githubId);
  }

  #takeMessage({ run, skipped }: TopicValue<'run'>): void {
    const isKnownGround = this.#floorId !== null && (run.id > this.#floorId || this.#seen.has(run.id));
    if (!isKnownGround) {
      // The first one, or those of another database.
      this.#floorId = Math.max(run.id - skipped - 1, 0);
      this.#seen.clear();
    }
    this.#sinceGap += skipped + 1;
    this.#enqueue(() => this.#tellRuns([run]));
    if (skipped === 0 || this.#cancelGap !== null) return;
    this.#cancelGap = this.#options.clock.setTimer(gapMs, () => {
      this.#cancelGap = null;
      this.#enqueue(() => this.#fillGap());
    });
  }

  #enqueue(work: () => Promise<void>): void {
    this.#queue = this.#queue.then(work).catch((error: unknown) => {
      this.#options.log.warn('runs could not be told of', { error });
    });
  }

  async #fillGap(): Promise<void> {
    const limit = Math.min(this.#sinceGap + spareItems, mostPageItems);
    this.#sinceGap = 0;
    const runs: RunView[] = [];
    for (let page = 0; page < mostPages; page += 1) {
      const { items } = await this.#options.client.call('runs.list', { offset: page * limit, limit });
      runs.push(...items);
      const oldest = items.at(-1);
      // What is older was told before, or is passed over for good.
      if (items.length < limit || oldest === undefined || oldest.id <= (this.#floorId ?? 0)) break;
    }
    await this.#tellRuns(runs.toReversed());
    // What was skipped before is told now, or is too long ago.
    this.#raiseFloor();
  }

  /** A few stay known one by one, since messages overtake each other. */
  #raiseFloor(): void {
    const newestFirst = [...this.#seen].sort((a, b) => b - a);
    const [highest] = newestFirst.splice(0, fewSeen).length === fewSeen ? newestFirst : [];
    if (highest === undefined) return;
    this.#floorId = highest;
    newestFirst.forEach((id) => this.#seen.delete(id));
  }

  async #tellRuns(runs: readonly RunView[]): Promise<void> {
    const untold = runs.filter(({ id }) => id > (this.#floorId ?? 0) && !this.#seen.has(id));
    if (untold.length === 0) return;
    for (const { id } of untold) this.#seen.add(id);
    const ended = await Promise.all(untold.map((run) => this.#withBranch(run)));
    this.#take({ kind: 'runs', runs: ended });
    if (this.#seen.size > mostSeen && this.#cancelGap === null) this.#raiseFloor();
  }

  /** Which branch everybody relies on is asked for only where it matters. */
  async #withBranch(run: RunView): Promise<EndedRun> {
    const isLosing = run.report.kept > 0 && run.report.rewritten + run.report.deleted > 0;
    if (!isLosing) return { run, defaultBranch: null };
    const row = await this.#options.client.call('repositories.get', { githubId: run.githubId }).catch(() => null);
    return { run, defaultBranch: row === null || row.defaultBranch === '' ? null : row.defaultBranch };
  }
}
