/** @file What every fetch into a cache is told. */

export const mirroredHeads = '+refs/heads/*:refs/heads/*';
export const mirrored: readonly string[] = [mirroredHeads, '+refs/tags/*:refs/tags/*'];

export const fetchOptions: readonly string[] = [
  '--progress',
  '--force',
  '--prune',
  '--no-tags',
  '--no-auto-maintenance',
  '--no-write-fetch-head',
  '--no-recurse-submodules',
];
