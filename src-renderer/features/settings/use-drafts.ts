/** @file What was typed and not yet saved; it outlives a visit to another page and a reload, in this window alone. */
import { useCallback, useState } from 'react';
import type { Drafts } from './setting-texts.ts';

const storageKey = 'epicstar.settings';

export interface KeptDrafts {
  readonly drafts: Drafts;
  /** Undefined: as it is in force. */
  readonly setDraft: (name: string, draft: string | null | undefined) => void;
  /** Forgets those that are still as they were sent. */
  readonly forget: (sent: Drafts) => void;
  readonly forgetAll: () => void;
}

function readKept(): Drafts {
  try {
    const value: unknown = JSON.parse(window.sessionStorage.getItem(storageKey) ?? '{}');
    if (typeof value !== 'object' || value === null) return {};
    const isDraft = (entry: [string, unknown]): entry is [string, string | null] =>
      entry[1] === null || typeof entry[1] === 'string';
    return Object.fromEntries(Object.entries(value).filter(isDraft));
  } catch {
    // A browser that keeps nothing, or something that is not ours: then nothing was typed.
    return {};
  }
}

function keep(drafts: Drafts): void {
  try {
    window.sessionStorage.setItem(storageKey, JSON.stringify(drafts));
  } catch {
    // Kept by this page alone, where the browser keeps nothing.
    return;
  }
}

function without(drafts: Drafts, isGone: (name: string) => boolean): Drafts {
  return Object.fromEntries(Object.entries(drafts).filter(([name]) => !isGone(name)));
}

export function useDrafts(): KeptDrafts {
  const [drafts, setDrafts] = useState<Drafts>(readKept);

  const change = useCallback((next: (drafts: Drafts) => Drafts) => {
    setDrafts((before) => {
      const after = next(before);
      keep(after);
      return after;
    });
  }, []);
  const setDraft = useCallback<KeptDrafts['setDraft']>(
    (name, draft) =>
      change((before) => (draft === undefined ? without(before, (one) => one === name) : { ...before, [name]: draft })),
    [change],
  );
  const forget = useCallback<KeptDrafts['forget']>(
    (sent) => change((before) => without(before, (name) => Object.hasOwn(sent, name) && sent[name] === before[name])),
    [change],
  );
  const forgetAll = useCallback(() => change(() => ({})), [change]);
  return { drafts, setDraft, forget, forgetAll };
}
