/**
 * @file The one sentence of state, from which tray, notifications and window take their tone. Pure: what is said
 * follows from what the engine says and from nothing else.
 */
import type { Press, Sentence, StateView, Tone } from '../../src-preload/contract/views.ts';
import type {
  ErrorCode,
  ErrorRecord,
  Instant,
  NextAction,
  Overview,
  QuietReason,
  WorkItem,
} from '../engine/core/engine-api.ts';
import { plainLine } from './plain-text.ts';
import { countOf, formatBytes, formatCount } from '../../src-preload/contract/words.ts';

function say(
  tone: Tone,
  sentence: Sentence | string,
  detail: Sentence | string | null = null,
  press: Press | null = null,
): StateView {
  return { tone, sentence: toSentence(sentence), detail: detail === null ? null : toSentence(detail), press };
}

function toSentence(words: Sentence | string): Sentence {
  return typeof words === 'string' ? [words] : words;
}

/** Errors that name a wait and nothing that is broken. */
const waits: Readonly<Partial<Record<ErrorCode, string>>> = {
  'github-rate-limited': "GitHub's rate limit",
  'target-starting': 'the mirror server is starting',
};

/** Actions that only a person can take. */
const personal: ReadonlySet<NextAction> = new Set([
  'open-settings',
  'grant-right',
  'free-disk',
  'resolve-clash',
  'install-git',
] satisfies NextAction[]);

function isSignedOut({ action }: ErrorRecord): boolean {
  return action === 'sign-in-github' || action === 'sign-in-target';
}

/**
 * Offline outranks what needs a person, that an error, that work, that a pause, that quiet, that rest. One repository that will be
 * tried again is none of these.
 */
export function describeState(overview: Overview, work: readonly WorkItem[]): StateView {
  return (
    describeOffline(overview) ??
    describeNeed(overview) ??
    describeChoice(overview) ??
    describeTrouble(overview) ??
    describeWork(overview, work) ??
    describePause(overview) ??
    describeQuiet(overview) ??
    describeWait(overview) ??
    describeQueue(overview) ??
    describeAsks(overview) ??
    describeRest(overview)
  );
}

function describeOffline({ isOnline }: Overview): StateView | null {
  return isOnline ? null : say('offline', 'Offline', 'Work goes on by itself when the network is back.');
}

function describeNeed({ troubles, watcher }: Overview): StateView | null {
  const errors = [...troubles.map(({ error }) => error), ...(watcher.error === null ? [] : [watcher.error])];
  const signedOut = errors.find(isSignedOut);
  if (signedOut !== undefined) {
    const press = signedOut.action === 'sign-in-github' ? 'sign-in-github' : 'set-target';
    return say('signed-out', plainLine(signedOut.message, 500), signedOut.nextStep, press);
  }
  const needed = errors.find(({ action }) => personal.has(action));
  return needed === undefined ? null : say('attention', plainLine(needed.message, 500), needed.nextStep);
}

/** Between signing in and saying what to mirror. */
function describeChoice({ awaitsSelection, totals, watcher }: Overview): StateView | null {
  if (!awaitsSelection) return null;
  const sofar = watcher.lastLookAt === null ? 'Your stars are being read' : `${countOf(totals.starred, 'star')} found`;
  return say('attention', 'Choose what to mirror', `${sofar}. Nothing is mirrored until you have chosen.`, 'set-up');
}

function nextTry(until: Instant | null): Sentence | null {
  return until === null ? null : ['It is tried again at ', { time: until }, '.'];
}

function describeTrouble({ totals, troubles, watcher, pause }: Overview): StateView | null {
  const trouble = troubles.find(({ error }) => waits[error.code] === undefined);
  if (trouble !== undefined) {
    const { error, since, until } = trouble;
    const again: Sentence | null =
      until === null ? null : ['Since ', { time: since }, '; it is tried again at ', { time: until }, '.'];
    return say('error', plainLine(error.message, 500), again ?? error.nextStep, 'look');
  }
  if (watcher.error !== null && waits[watcher.error.code] === undefined) {
    const { error, nextLookAt } = watcher;
    return say('error', plainLine(error.message, 500), nextTry(nextLookAt) ?? error.nextStep, 'look');
  }
  // While something can still be done by itself, a failed repository is told in the detail line.
  const isBusy = totals.jobs.running + totals.jobs.queued > 0 || pause !== null;
  if (totals.failed === 0 || isBusy) return null;
  return say(
    'error',
    `${countOf(totals.failed, 'repository', 'repositories')} could not be mirrored`,
    `${describeSafety(totals)}.`,
    'retry-failed',
  );
}

function pendingJobs({ jobs }: Overview['totals']): number {
  return jobs.running + jobs.queued + jobs.waiting;
}

/** `Mirroring 3 repositories, 1.2 GB of about 5.1 GB`: of what is in work alone, so that no figure goes back. */
function describeWork({ totals }: Overview, work: readonly WorkItem[]): StateView | null {
  const inWork = Math.max(work.length, totals.jobs.running);
  if (inWork === 0) return null;
  const [first] = work;
  const what =
    inWork === 1 && first !== undefined
      ? plainLine(first.fullName, 200)
      : countOf(inWork, 'repository', 'repositories');
  const inLine = totals.jobs.queued + totals.jobs.waiting;
  const parts = [...(inLine > 0 ? [`${formatCount(inLine)} more in line`] : []), ...describeFailed(totals)];
  return say('working', `Mirroring ${what}${describeReceived(work)}`, joinParts(parts));
}

/** Less than this comes and goes too quickly to be read. */
const leastBytesTold = 1_000_000;

function describeReceived(work: readonly WorkItem[]): string {
  const receivedBytes = work.reduce((sum, { bytesReceived }) => sum + bytesReceived, 0);
  if (receivedBytes < leastBytesTold) return '';
  // Of a repository that is mirrored already only what is new is fetched, and how much that is nobody says.
  const isWhole = work.every(({ cause }) => cause === 'new-star');
  const expectedBytes = isWhole ? work.reduce((sum, { sizeKb }) => sum + sizeKb * 1_024, 0) : 0;
  const received = formatBytes(receivedBytes);
  return receivedBytes < expectedBytes ? `, ${received} of about ${formatBytes(expectedBytes)}` : `, ${received}`;
}

function describePause({ pause, totals }: Overview): StateView | null {
  if (pause === null) return null;
  const sentence: Sentence =
    pause.until === null ? ['Paused until you resume'] : ['Paused until ', { time: pause.until }];
  const pending = pendingJobs(totals);
  const detail =
    pending === 0
      ? 'Nothing is looked for and nothing is fetched until then.'
      : `${countOf(pending, 'repository waits', 'repositories wait')} until then.`;
  return say('paused', sentence, detail, 'resume');
}

const quietWords: Readonly<Record<QuietReason, string>> = {
  asleep: 'this computer goes to sleep',
  battery: 'on battery',
  metered: 'on a metered network',
  'quiet-hours': 'quiet hours',
};

/** While something waits for its turn in vain this is why; what a person asks for goes on as ever. */
function describeQuiet({ quiet, totals }: Overview): StateView | null {
  const waiting = totals.jobs.queued + totals.jobs.waiting;
  // Where nothing waits, all is well, on battery or not.
  if (quiet.length === 0 || (waiting === 0 && !quiet.includes('asleep'))) return null;
  const rest = waiting === 0 ? '' : ` ${countOf(waiting, 'repository waits', 'repositories wait')}.`;
  const only = quiet.includes('asleep') ? 'Work goes on when it wakes.' : 'Only what you ask for is mirrored.';
  return say('paused', `Waiting: ${quiet.map((reason) => quietWords[reason]).join(', ')}`, `${only}${rest}`);
}

function describeWait({ troubles, watcher, totals }: Overview): StateView | null {
  const trouble = troubles.find(({ error }) => waits[error.code] !== undefined);
  const watcherWaits = watcher.error !== null && waits[watcher.error.code] !== undefined ? watcher.error : null;
  const error = trouble?.error ?? watcherWaits;
  if (error === null) return null;
  const until = trouble?.until ?? error.data.until ?? watcher.nextLookAt;
  const reason = waits[error.code] ?? '';
  const sentence: Sentence =
    until === null ? [`Waiting: ${reason}`] : ['Waiting until ', { time: until }, `: ${reason}`];
  return say('paused', sentence, `${describeSafety(totals)}.`);
}

function describeQueue({ totals, watcher }: Overview): StateView | null {
  if (watcher.walk !== null && totals.jobs.queued === 0) {
    const { page, pages } = watcher.walk;
    const where = pages === null ? `page ${formatCount(page)}` : `page ${formatCount(page)} of ${formatCount(pages)}`;
    return say('working', `Reading your stars, ${where}`, `${describeSafety(totals)}.`);
  }
  if (watcher.lastLookAt === null && totals.starred === 0) {
    return say('working', 'Looking at your stars for the first time');
  }
  const { queued } = totals.jobs;
  if (queued === 0) return null;
  return say('working', `About to mirror ${countOf(queued, 'repository', 'repositories')}`, describeRemainder(totals));
}

/** Only while nothing else is to be told: it can wait. */
function describeAsks({ totals }: Overview): StateView | null {
  if (totals.asks === 0) return null;
  const subject = countOf(totals.asks, 'large repository waits', 'large repositories wait');
  return say('attention', `${subject} for your word`, `${describeSafety(totals)}.`);
}

function describeRest({ totals, watcher }: Overview): StateView {
  if (totals.starred === 0) {
    return say('idle', 'No stars yet', 'Star a repository on GitHub and it is mirrored here.', 'look');
  }
  const { nextLookAt } = watcher;
  const next: Sentence | null = nextLookAt === null ? null : ['The next look is at ', { time: nextLookAt }, '.'];
  const retries = describeRemainder(totals);
  return say('idle', describeSafety(totals), retries ?? next, 'look');
}

/**
 * `All 1,204 stars are safe`. Never claims more than is sure: what was never mirrored is taken to be starred. What is
 * left out is not counted, and then the stars are called chosen.
 */
function describeSafety(totals: Overview['totals']): string {
  const { starred, repositories, mirrored, leftOut, asks } = totals;
  const unwanted = leftOut + asks;
  const wanted = Math.max(0, starred - unwanted);
  const safe = Math.max(0, wanted - Math.max(0, repositories - mirrored - unwanted));
  if (starred === 0) return 'No stars yet';
  if (wanted === 0) return 'No star is chosen to be mirrored';
  const word = unwanted === 0 ? 'star' : 'chosen star';
  if (safe < wanted) return `${formatCount(safe)} of ${countOf(wanted, word)} are safe`;
  return wanted === 1 ? `Your ${word} is safe` : `All ${countOf(wanted, word)} are safe`;
}

function describeRemainder(totals: Overview['totals']): string | null {
  const { waiting } = totals.jobs;
  const retries = waiting > 0 ? [`${countOf(waiting, 'repository', 'repositories')} will be tried again`] : [];
  return joinParts([...retries, ...describeFailed(totals)]);
}

function describeFailed({ failed }: Overview['totals']): readonly string[] {
  return failed > 0 ? [`${countOf(failed, 'repository', 'repositories')} could not be mirrored`] : [];
}

function joinParts(parts: readonly string[]): string | null {
  return parts.length === 0 ? null : `${parts.join('; ')}.`;
}
