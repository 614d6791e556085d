/**
 * @file How far an update is, as a pure machine: what happened goes in, the next state comes out. Knows no updater, no
 * clock and no words.
 */
import type { NoUpdateReason } from './update-support.ts';
import type { UpdateProblem } from './update-problem.ts';

export interface Release {
  readonly version: string;
  /** Plain text; null: it came without notes. */
  readonly notes: string | null;
  /** Null: not told. */
  readonly sizeBytes: number | null;
}

export type UpdateState =
  | { readonly kind: 'unsupported'; readonly why: NoUpdateReason }
  | { readonly kind: 'off' }
  /** Nothing is known yet. */
  | { readonly kind: 'idle' }
  | { readonly kind: 'looking' }
  /** `newest`: what the channel has, which may be older than what runs. */
  | { readonly kind: 'current'; readonly newest: string }
  | { readonly kind: 'available'; readonly release: Release }
  | { readonly kind: 'downloading'; readonly release: Release; readonly percent: number }
  | { readonly kind: 'ready'; readonly release: Release }
  | {
      readonly kind: 'failed';
      readonly doing: 'look' | 'download';
      readonly problem: UpdateProblem;
      /** What was to be downloaded. */
      readonly release: Release | null;
    }
  /** The program was to come back as `version` and did not. */
  | { readonly kind: 'not-installed'; readonly version: string };

export type UpdateEvent =
  | { readonly kind: 'switched-off' }
  /** Also the same channel again, after it was off. */
  | { readonly kind: 'channel-chosen' }
  | { readonly kind: 'look-began' }
  | { readonly kind: 'found'; readonly release: Release }
  | { readonly kind: 'found-nothing'; readonly newest: string }
  | { readonly kind: 'look-failed'; readonly problem: UpdateProblem }
  | { readonly kind: 'download-began' }
  | { readonly kind: 'progressed'; readonly percent: number }
  | { readonly kind: 'downloaded' }
  | { readonly kind: 'download-failed'; readonly problem: UpdateProblem };

/** Whether asking for a newer version makes sense now. */
export function canLook({ kind }: UpdateState): boolean {
  return kind === 'idle' || kind === 'current' || kind === 'available' || kind === 'failed' || kind === 'not-installed';
}

/** What a press on "download" would fetch; null: there is nothing. */
export function downloadable(state: UpdateState): Release | null {
  if (state.kind === 'available') return state.release;
  return state.kind === 'failed' ? state.release : null;
}

/** What does not fit the state, because it comes late, changes nothing. */
export function updateStateAfter(state: UpdateState, event: UpdateEvent): UpdateState {
  if (state.kind === 'unsupported') return state;
  switch (event.kind) {
    case 'switched-off':
      return { kind: 'off' };
    case 'channel-chosen':
      return { kind: 'idle' };
    case 'look-began':
      // What is offered stays in sight: a menu that is open must not change under the hand.
      return canLook(state) && state.kind !== 'available' ? { kind: 'looking' } : state;
    case 'found':
      return isAwaited(state) ? { kind: 'available', release: event.release } : state;
    case 'found-nothing':
      return isAwaited(state) ? { kind: 'current', newest: event.newest } : state;
    case 'look-failed':
      return state.kind === 'looking'
        ? { kind: 'failed', doing: 'look', problem: event.problem, release: null }
        : state;
    case 'download-began': {
      const release = downloadable(state);
      return release === null ? state : { kind: 'downloading', release, percent: 0 };
    }
    case 'progressed':
      return state.kind === 'downloading' ? { ...state, percent: Math.max(state.percent, event.percent) } : state;
    case 'downloaded':
      return state.kind === 'downloading' ? { kind: 'ready', release: state.release } : state;
    case 'download-failed':
      return state.kind === 'downloading'
        ? { kind: 'failed', doing: 'download', problem: event.problem, release: state.release }
        : state;
  }
}

function isAwaited({ kind }: UpdateState): boolean {
  return kind === 'looking' || kind === 'available';
}
