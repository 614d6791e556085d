/** @file What was made on the way to a goal, to tell of it, or to remove it again where the goal was not reached. */
import { EpicstarError } from '../../domain/errors.ts';
import type { OnedevApi } from './api.ts';
import { type CreateResult, type NewProject, OnedevProjects, quoteValue } from './projects.ts';

type Remove = (signal: AbortSignal) => Promise<void>;

export class MadeThings {
  readonly #things: { readonly what: string; readonly remove: Remove }[] = [];

  add(what: string, remove: Remove): void {
    this.#things.push({ what, remove });
  }

  /** In words, in the order in which they were made. */
  words(): readonly string[] {
    return this.#things.map(({ what }) => what);
  }

  /**
   * Removes all of it, the last first; what cannot be removed does not keep the rest.
   *
   * @returns what is left, with the reason
   */
  async removeAll(signal: AbortSignal): Promise<readonly { readonly what: string; readonly error: unknown }[]> {
    const left: { readonly what: string; readonly error: unknown }[] = [];
    for (const { what, remove } of this.#things.toReversed()) {
      try {
        await remove(signal);
      } catch (error) {
        left.push({ what, error });
      }
    }
    return left;
  }
}

/** Notes every project that it creates. */
export class NotedProjects extends OnedevProjects {
  readonly #made: MadeThings;

  constructor(api: OnedevApi, made: MadeThings) {
    super(api);
    this.#made = made;
  }

  override async create(project: NewProject, parentPath: string | null, signal: AbortSignal): Promise<CreateResult> {
    const result = await super.create(project, parentPath, signal);
    if (result.kind === 'created') {
      const path = parentPath === null ? project.name : `${parentPath}/${project.name}`;
      this.#made.add(`the project '${path}'`, async (own) => await this.#removeEmpty(result.id, path, own));
    }
    return result;
  }

  /** A project is removed with all below it, which may be somebody else's by now. */
  async #removeEmpty(id: number, path: string, signal: AbortSignal): Promise<void> {
    const below = await this.find(`"Path" is ${quoteValue(`${path}/**`)}`, signal);
    if (below.length > 0) throw new EpicstarError('target-name-clash', `There are projects below '${path}' by now.`);
    await this.remove(id, path, signal);
  }
}
