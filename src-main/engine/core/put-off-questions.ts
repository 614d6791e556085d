/**
 * @file Questions that a person does not want to be asked for a while, over restarts. Knows what was put off and since
 * when; whether it is asked again is the domain's to say.
 */
import type { GithubId } from '../domain/repository.ts';
import type { PutOff } from '../domain/selection.ts';
import type { Store } from '../ports/store.ts';
import { parseKeptJson } from './kept-json.ts';

const valueKey = 'put-off-questions';

export class PutOffQuestions {
  readonly #store: Store;
  #byId: ReadonlyMap<GithubId, PutOff> = new Map();

  constructor(store: Store) {
    this.#store = store;
  }

  get all(): ReadonlyMap<GithubId, PutOff> {
    return this.#byId;
  }

  async load(): Promise<void> {
    const text = await this.#store.readValue(valueKey);
    this.#byId = new Map(text === null ? [] : parse(parseKeptJson(text)));
  }

  async add(questions: ReadonlyMap<GithubId, PutOff>): Promise<void> {
    if (questions.size > 0) await this.#write(new Map([...this.#byId, ...questions]));
  }

  async forget(githubIds: readonly GithubId[]): Promise<void> {
    const left = new Map(this.#byId);
    for (const githubId of githubIds) left.delete(githubId);
    if (left.size < this.#byId.size) await this.#write(left);
  }

  async #write(all: ReadonlyMap<GithubId, PutOff>): Promise<void> {
    await this.#store.writeValue(valueKey, all.size === 0 ? null : JSON.stringify([...all]));
    this.#byId = all;
  }
}

function parse(value: unknown): readonly (readonly [GithubId, PutOff])[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((pair: unknown): (readonly [GithubId, PutOff])[] => {
    if (!Array.isArray(pair)) return [];
    const parts: readonly unknown[] = pair;
    const [githubId, question] = parts;
    if (typeof githubId !== 'number' || typeof question !== 'object' || question === null) return [];
    const { at, sizeKb }: { readonly at?: unknown; readonly sizeKb?: unknown } = question;
    return typeof at === 'number' && typeof sizeKb === 'number' ? [[githubId, { at, sizeKb }]] : [];
  });
}
