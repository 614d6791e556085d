/** @file Why a job waits and from when on it may run, in words that are alike on every page. Pure. */
import type { JobView, WaitReasonName } from '../../src-preload/contract/views.ts';

const minuteMs = 60_000;

const reasonWords: Readonly<Record<WaitReasonName, string>> = {
  retry: 'It is tried again',
  'rate-limit': "GitHub's rate limit",
  offline: 'no network',
  'signed-out': 'sign in first',
  paused: 'paused',
  disk: 'the disk is full',
  'quiet-hours': 'quiet hours',
  'target-starting': 'the mirror server is starting',
  unavailable: 'a server does not answer',
};

/**
 * Why a job does not run yet, and from when on it may.
 *
 * @param past a time that is over for sure, and not for long
 */
export function describeWaiting(job: JobView, past: number, formatTime: (at: number) => string): string {
  const { runAfter, waitReason } = job;
  const isDue = runAfter !== null && runAfter <= past;
  if (job.state === 'queued' || isDue) return 'Waits for its turn';
  const isSoon = runAfter !== null && runAfter - past < minuteMs;
  if (waitReason === 'retry' || waitReason === null) {
    if (runAfter === null) return 'It is tried again';
    return isSoon ? 'It is tried again within a minute' : `It is tried again at ${formatTime(runAfter)}`;
  }
  const reason = reasonWords[waitReason];
  if (runAfter === null) return `Waits: ${reason}`;
  return isSoon ? `Waits a minute at most: ${reason}` : `Waits until ${formatTime(runAfter)}: ${reason}`;
}
