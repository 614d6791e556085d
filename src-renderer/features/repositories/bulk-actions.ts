/** @file What can be done to many repositories at once, each with the words that say so. */
import type { Client } from '../../../src-preload/contract/client.ts';
import { countOf, formatCount } from '../../../src-preload/contract/words.ts';
import type { IconName } from '../../ui/icon.tsx';

export interface BulkAction {
  readonly key: string;
  readonly label: string;
  readonly icon: IconName;
  /** Asked before it is done to many; a whole sentence. */
  readonly question: (count: number) => string;
  /** Answers in a sentence what came of it. */
  readonly run: (client: Client, githubIds: readonly number[]) => Promise<string>;
}

/** From more than so many on it is asked first. */
export const askAbove = 20;

const repositories = (count: number): string => countOf(count, 'repository', 'repositories');

export const mirrorNow: BulkAction = {
  key: 'mirror',
  label: 'Mirror now',
  icon: 'sync',
  question: (count) => `${repositories(count)} will be compared with GitHub now, ahead of all others.`,
  run: async (client, githubIds) => {
    const { requested } = await client.call('mirror.now', { githubIds });
    const others = githubIds.length - requested;
    if (others === 0) return `Next in line: ${repositories(requested)}.`;
    return `Next in line: ${repositories(requested)}; ${formatCount(others)} were in line or in work already.`;
  },
};

const retry: BulkAction = {
  key: 'retry',
  label: 'Retry those that failed',
  icon: 'retry',
  question: (count) => `Those of the ${repositories(count)} that failed will be tried again now.`,
  run: async (client, githubIds) => {
    const failed = new Set((await client.call('repositories.ids', { state: 'failed' })).githubIds);
    const wanted = githubIds.filter((id) => failed.has(id));
    if (wanted.length === 0) return 'None of them has failed.';
    await client.call('mirror.now', { githubIds: wanted });
    return `Trying ${repositories(wanted.length)} again.`;
  },
};

function choosing(
  key: string,
  label: string,
  icon: IconName,
  choice: 'include' | 'exclude' | null,
  words: { readonly question: string; readonly done: string },
): BulkAction {
  return {
    key,
    label,
    icon,
    question: (count) => `${repositories(count)} ${words.question}`,
    run: async (client, githubIds) => {
      const { changed } = await client.call('repositories.choose', { githubIds, choice });
      return `${repositories(changed)} ${words.done}`;
    },
  };
}

export const include = choosing('include', 'Include', 'check', 'include', {
  question: 'will be mirrored, whatever the rules say.',
  done: 'included.',
});

export const exclude = choosing('exclude', 'Exclude', 'minus', 'exclude', {
  question: 'will be left out, whatever the rules say. What is mirrored already stays.',
  done: 'excluded. What is mirrored already stays.',
});

export const backToRules = choosing('rules', 'Back to the rules', 'retry', null, {
  question: 'will follow the rules again.',
  done: 'follow the rules again.',
});

/** Behind the button for more. */
export const otherActions: readonly BulkAction[] = [include, exclude, backToRules, retry];
