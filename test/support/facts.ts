/** @file Repository facts and stars for tests, complete and valid, with what a test cares about given. */
import type { RepositoryFacts, Star } from '../../src-main/engine/domain/repository.ts';

export function facts(change: Partial<RepositoryFacts>): RepositoryFacts {
  const fullName = change.fullName ?? 'ada/engine';
  return {
    githubId: 1,
    nodeId: `R_${change.githubId ?? 1}`,
    fullName,
    description: 'An engine',
    defaultBranch: 'main',
    sizeKb: 100,
    isPrivate: false,
    isFork: false,
    isArchived: false,
    isDisabled: false,
    hasWiki: false,
    pushedAt: 1,
    language: 'C',
    licenseSpdx: 'MIT',
    topics: [],
    homepage: null,
    htmlUrl: `https://github.com/${fullName}`,
    ...change,
  };
}

export function star(starredAt: number, change: Partial<RepositoryFacts>): Star {
  return { starredAt, repository: facts(change) };
}
