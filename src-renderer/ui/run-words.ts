/** @file What causes, phases and results of runs are called and how results look, alike on every page. Pure. */
import type { CauseName, OutcomeName, PhaseName, RunView } from '../../src-preload/contract/views.ts';
import type { IconName } from './icon.tsx';

export const causeWords: Readonly<Record<CauseName, string>> = {
  'new-star': 'new star',
  pushed: 'new commits',
  renamed: 'renamed',
  sweep: 'regular check',
  user: 'asked for',
  verify: 'comparison',
};

export const phaseWords: Readonly<Record<PhaseName, string>> = {
  identify: 'Asking GitHub about it',
  project: 'Preparing the mirror',
  compare: 'Comparing both ends',
  fetch: 'Fetching from GitHub',
  plan: 'Working out what changed',
  push: 'Pushing to the mirror',
  verify: 'Checking the result',
  extras: 'Bringing LFS files and the wiki',
};

export const outcomeWords: Readonly<Record<OutcomeName, string>> = {
  done: 'Mirrored',
  retry: 'Will be tried again',
  waiting: 'Stopped',
  failed: 'Failed',
  cancelled: 'Cancelled',
  interrupted: 'Interrupted',
};

export const outcomeLooks: Readonly<Record<OutcomeName, { readonly icon: IconName; readonly tone: string }>> = {
  done: { icon: 'check', tone: 'tone-idle' },
  retry: { icon: 'retry', tone: 'tone-attention' },
  waiting: { icon: 'clock', tone: '' },
  failed: { icon: 'cross', tone: 'tone-error' },
  cancelled: { icon: 'minus', tone: '' },
  interrupted: { icon: 'minus', tone: '' },
};

export const moveWords: Readonly<Record<RunView['report']['moved'][number]['kind'], string>> = {
  create: 'new',
  'fast-forward': 'updated',
  rewrite: 'rewritten',
  delete: 'deleted',
};
