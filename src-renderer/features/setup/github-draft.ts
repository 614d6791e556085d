/** @file What is being entered for a sign-in to GitHub; outlives the steps in between. Pure. */

export interface GithubDraft {
  /** Host or address; null: not touched, so the one that is set counts. */
  readonly host: string | null;
  readonly withPrivate: boolean;
}

export const emptyGithubDraft: GithubDraft = { host: null, withPrivate: false };

export interface GithubDraftProps {
  readonly draft: GithubDraft;
  readonly onDraft: (draft: GithubDraft) => void;
}
