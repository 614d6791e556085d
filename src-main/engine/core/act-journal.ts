/** @file What a person began to do with mirrors and what came of it, kept over restarts. One change at a time. */
import type { Choice } from '../domain/selection.ts';
import { choices } from '../domain/selection.ts';
import type { GithubId, Instant } from '../domain/repository.ts';
import type { Store } from '../ports/store.ts';
import { parseKeptJson } from './kept-json.ts';
import { Turns } from './turns.ts';

/** Begun, and perhaps not ended: the project may or may not be where it belongs, or may be gone. */
export type OpenAct =
  | { readonly githubId: GithubId; readonly kind: 'place' }
  /** `choice`: what the person had said of it before; it is left out while nobody knows. */
  | { readonly githubId: GithubId; readonly kind: 'remove'; readonly choice: Choice | null };

export const mirrorActKinds = ['archived', 'brought-back', 'deleted'] as const;

export interface MirrorAct {
  readonly at: Instant;
  readonly githubId: GithubId;
  readonly fullName: string;
  readonly kind: (typeof mirrorActKinds)[number];
}

const openKey = 'open-mirror-acts';
const doneKey = 'mirror-acts';
const mostRemembered = 500;

export class ActJournal {
  readonly #store: Pick<Store, 'readValue' | 'writeValue'>;
  readonly #turns = new Turns();

  constructor(store: Pick<Store, 'readValue' | 'writeValue'>) {
    this.#store = store;
  }

  open(): Promise<readonly OpenAct[]> {
    return this.#read(openKey, parseOpenAct);
  }

  /** In place of an older one of the same repository. */
  begin(act: OpenAct): Promise<void> {
    return this.#change(openKey, parseOpenAct, (acts) => [...acts.filter((one) => one.githubId !== act.githubId), act]);
  }

  end(githubId: GithubId): Promise<void> {
    return this.#change(openKey, parseOpenAct, (acts) => acts.filter((one) => one.githubId !== githubId));
  }

  /** Newest first, at most 500. */
  done(): Promise<readonly MirrorAct[]> {
    return this.#read(doneKey, parseMirrorAct);
  }

  note(act: MirrorAct): Promise<void> {
    return this.#change(doneKey, parseMirrorAct, (acts) => [act, ...acts].slice(0, mostRemembered));
  }

  async #read<T>(key: string, parse: (value: unknown) => T | null): Promise<readonly T[]> {
    const text = await this.#store.readValue(key);
    const value = text === null ? [] : parseKeptJson(text);
    return Array.isArray(value) ? value.flatMap((one: unknown) => parse(one) ?? []) : [];
  }

  #change<T>(
    key: string,
    parse: (value: unknown) => T | null,
    change: (before: readonly T[]) => readonly T[],
  ): Promise<void> {
    return this.#turns.take(async () => {
      const after = change(await this.#read(key, parse));
      await this.#store.writeValue(key, after.length === 0 ? null : JSON.stringify(after));
    });
  }
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function parseOpenAct(value: unknown): OpenAct | null {
  const { githubId, kind, choice } = fieldsOf(value);
  if (typeof githubId !== 'number') return null;
  if (kind === 'place') return { githubId, kind };
  const before = choices.find((one) => one === choice) ?? null;
  return kind === 'remove' ? { githubId, kind, choice: before } : null;
}

function parseMirrorAct(value: unknown): MirrorAct | null {
  const { at, githubId, fullName, kind: told } = fieldsOf(value);
  const kind = mirrorActKinds.find((one) => one === told);
  if (typeof at !== 'number' || typeof githubId !== 'number' || typeof fullName !== 'string') return null;
  return kind === undefined ? null : { at, githubId, fullName, kind };
}
