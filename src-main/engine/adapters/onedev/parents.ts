/**
 * @file The projects above the mirrors: root and owners. Found once, remembered by id, created where missing.
 *
 * [Note: equal roots] Asked twice at once for the same root project, OneDev makes two of one path. Therefore parents
 * are created one at a time in this process, a root only after a look, and it is looked up again afterwards. Below a
 * root the database itself refuses a second one.
 */
import { EpicstarError } from '../../domain/errors.ts';
import type { Log } from '../../ports/log.ts';
import { Lock } from './lock.ts';
import { isSamePath, parentPathOf } from './place.ts';
import { type OnedevProject, type OnedevProjects, quoteValue } from './projects.ts';

export interface Parent {
  readonly id: number;
  /** As OneDev spells it. */
  readonly path: string;
}

export class OnedevParents {
  readonly #projects: OnedevProjects;
  readonly #log: Log;
  readonly #lock = new Lock();
  readonly #known = new Map<string, Parent>();
  readonly #singleRoots = new Set<string>();

  constructor(projects: OnedevProjects, log: Log) {
    this.#projects = projects;
    this.#log = log;
  }

  isKnown(path: string): boolean {
    return this.#known.has(path.toLowerCase());
  }

  /** What was remembered may be wrong: somebody else removed or moved a parent. */
  forget(): void {
    this.#known.clear();
  }

  /**
   * The innermost of these parents; those that are missing are created. A parent that exists is used whoever made it.
   *
   * @param paths the outermost first
   * @param rows what a look showed for all of these paths that are not known
   * @returns null where what is remembered turned out wrong; it is forgotten, and a new look is needed
   * @throws EpicstarError `target-duplicate-root`, `target-right-missing`, and whatever requests reject with
   */
  async ensure(paths: readonly string[], rows: readonly OnedevProject[], signal: AbortSignal): Promise<Parent | null> {
    const innermost = this.#knownAt(paths.at(-1) ?? '');
    if (innermost !== null) return innermost;
    return await this.#lock.run(async () => {
      for (const path of paths) this.#remember(path, rows);
      let parent = await this.#deepest(paths, signal);
      for (const path of paths) {
        if (parent !== null && path.length <= parent.path.length) continue;
        parent = await this.#create(path, parent, signal);
        if (parent === null) return null;
      }
      return parent;
    });
  }

  #knownAt(path: string): Parent | null {
    return this.#known.get(path.toLowerCase()) ?? null;
  }

  #remember(path: string, rows: readonly OnedevProject[]): Parent | null {
    const equal = rows.filter((row) => isSamePath(row.path, path));
    const [row] = equal;
    if (equal.length > 1) throw duplicates(path, equal);
    if (row === undefined) return null;
    const parent = { id: row.id, path: row.path };
    this.#known.set(path.toLowerCase(), parent);
    return parent;
  }

  /** The innermost parent that exists. A token that sees only a lower one never needs the outer ones. */
  async #deepest(paths: readonly string[], signal: AbortSignal): Promise<Parent | null> {
    const [root] = paths;
    const found = paths.map((path) => this.#knownAt(path)).findLast((parent) => parent !== null) ?? null;
    if (root === undefined) return found;
    if (found === null) return await this.#lookForRoot(root, signal);
    if (this.isKnown(root) && !this.#singleRoots.has(root.toLowerCase())) await this.#lookForRoot(root, signal);
    return found;
  }

  async #lookForRoot(root: string, signal: AbortSignal): Promise<Parent | null> {
    const rows = await this.#projects.find(`roots and "Name" is ${quoteValue(root)}`, signal);
    const parent = this.#remember(root, rows);
    if (parent !== null) this.#singleRoots.add(root.toLowerCase());
    return parent;
  }

  /** Null where its own parent went away in the meantime. */
  async #create(path: string, parent: Parent | null, signal: AbortSignal): Promise<Parent | null> {
    const parentPath = parentPathOf(path);
    const name = parentPath === null ? path : path.slice(parentPath.length + 1);
    const wanted = { name, parentId: parent?.id ?? null, description: null, codeManagement: false };
    const result = await this.#projects.create(wanted, parent?.path ?? null, signal);
    if (result.kind === 'parent-missing') {
      this.forget();
      return null;
    }
    if (result.kind === 'created') this.#log.info('created a parent project on OneDev', { path, id: result.id });
    const made =
      result.kind === 'created' ? { id: result.id, path: parent === null ? name : `${parent.path}/${name}` } : null;
    const usable = made !== null && parent !== null ? made : ((await this.#lookAgain(path, signal)) ?? made);
    if (usable === null) throw invisible(path);
    this.#known.set(path.toLowerCase(), usable);
    return usable;
  }

  async #lookAgain(path: string, signal: AbortSignal): Promise<Parent | null> {
    if (parentPathOf(path) === null) return await this.#lookForRoot(path, signal);
    return this.#remember(path, await this.#projects.find(`"Path" is ${quoteValue(path)}`, signal));
  }
}

function invisible(path: string): EpicstarError {
  const right = `a role on '${path}' with create children, manage project and code write`;
  return new EpicstarError('target-right-missing', `Needed: ${right}. It exists, but the token may not see it.`, {
    data: { right },
  });
}

function duplicates(path: string, rows: readonly OnedevProject[]): EpicstarError {
  const ids = rows.map((row) => row.id).sort((a, b) => a - b);
  return new EpicstarError('target-duplicate-root', `Projects with the path '${path}': ids ${ids.join(', ')}.`);
}
