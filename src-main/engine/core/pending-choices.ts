/**
 * @file A person's choices about repositories that are not known yet, such as those of another machine: kept until the
 * starred list, or the target, names them.
 */
import type { GithubId } from '../domain/repository.ts';
import type { Choice } from '../domain/selection.ts';
import type { Store } from '../ports/store.ts';
import { parseKeptJson } from './kept-json.ts';

const valueKey = 'pending-choices';

export class PendingChoices {
  readonly #store: Store;
  #byId = new Map<GithubId, Choice>();

  constructor(store: Store) {
    this.#store = store;
  }

  get all(): ReadonlyMap<GithubId, Choice> {
    return this.#byId;
  }

  async load(): Promise<void> {
    const text = await this.#store.readValue(valueKey);
    this.#byId = new Map(text === null ? [] : parse(parseKeptJson(text)));
  }

  async replace(choices: ReadonlyMap<GithubId, Choice>): Promise<void> {
    await this.#store.writeValue(valueKey, choices.size === 0 ? null : JSON.stringify([...choices]));
    this.#byId = new Map(choices);
  }

  async forget(githubIds: readonly GithubId[]): Promise<void> {
    const left = new Map(this.#byId);
    for (const githubId of githubIds) left.delete(githubId);
    if (left.size < this.#byId.size) await this.replace(left);
  }
}

function parse(value: unknown): readonly (readonly [GithubId, Choice])[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((pair: unknown): (readonly [GithubId, Choice])[] => {
    if (!isList(pair)) return [];
    const [githubId, choice] = pair;
    const isChoice = choice === 'include' || choice === 'exclude';
    return typeof githubId === 'number' && isChoice ? [[githubId, choice]] : [];
  });
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}
