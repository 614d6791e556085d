/**
 * @file Real bare repositories made by plain git, the same for the same seed; knows nothing of any server.
 *
 * ```ts
 * for (const generated of await generateRepositories(dir)) github.world.star(github.world.addRepository(generated));
 * await rewriteHistory(compiler.bareDir);                     // then github.world.pushed(id)
 * await generateSmall(dir, 200); await generateLarge(dir, 1024);
 * ```
 */
export { createBare, runGit, setHead } from './bare-repository.ts';
export {
  addCommit,
  type GeneratedRepository,
  type GenerateOptions,
  generateRepositories,
  readTips,
  type RepositoryKind,
  type Rewritten,
  rewriteHistory,
} from './generate.ts';
export { generateLarge, generateSmall } from './generate-bulk.ts';
