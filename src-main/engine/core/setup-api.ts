/**
 * @file The public face of setting up: signing in, choosing the target, choosing what to mirror, changing settings.
 * Plain JSON like the engine's own face. Secrets go in and never come out.
 */
import type { ErrorRecord } from '../domain/errors.ts';
import type { Instant } from '../domain/repository.ts';
import type { SelectionRules } from '../domain/selection.ts';
import type { SelectionPreview } from '../domain/selection-preview.ts';
import type { ConfigChange } from './config-file.ts';
import type { CheckItem } from '../ports/mirror-target.ts';
import type { DeviceCode } from '../ports/sign-in.ts';
import type { SettingValue } from '../ports/settings.ts';

export type { SelectionRules } from '../domain/selection.ts';
export type { ConfigChange } from './config-file.ts';
export type { SettingValue } from '../ports/settings.ts';
export type { DeviceCode } from '../ports/sign-in.ts';

/** What is still to be done before the engine works. */
export type SetupStep = 'github' | 'target' | 'selection' | 'done';

export type GithubSignInState =
  | { readonly kind: 'signed-out' /** Why the last try came to nothing. */; readonly error: ErrorRecord | null }
  | { readonly kind: 'asking-for-code' }
  | { readonly kind: 'waiting'; readonly code: DeviceCode }
  | { readonly kind: 'checking' }
  | {
      readonly kind: 'signed-in';
      readonly account: GithubAccount;
      /** Why signing in as somebody else came to nothing. */
      readonly error?: ErrorRecord | null;
    };

export interface GithubAccount {
  readonly login: string;
  readonly host: string;
  /** In words: `environment variable EPICSTAR_GITHUB_TOKEN`, … */
  readonly tokenFrom: string;
  /** Null: this kind of token does not tell. */
  readonly scopes: readonly string[] | null;
  /** Null: does not expire by time, or it is not known. */
  readonly expiresAt: Instant | null;
  /** What the token may not do, one sentence each, with the permission that is missing. */
  readonly limits: readonly string[];
}

export interface SetupState {
  readonly step: SetupStep;
  /** Nothing was ever mirrored and nobody ever said what to mirror. */
  readonly isFirstRun: boolean;
  readonly github: GithubSignInState;
  /** Of the sign-in under way, else that of the settings. */
  readonly githubApiUrl: string;
  /** Whether a client id is set, without which there is no device flow. */
  readonly canUseDeviceFlow: boolean;
  /** Null: none chosen yet. */
  readonly target: {
    readonly kind: 'onedev' | 'folder';
    readonly address: string;
    readonly root: string | null;
    readonly hasToken: boolean;
  } | null;
  /** The test of a target that is under way or was the last one; null before the first. */
  readonly test: { readonly isRunning: boolean; readonly items: readonly CheckItem[] } | null;
  /** Values that come from the environment and cannot be changed here, by setting or secret name. */
  readonly fixed: readonly string[];
}

export type TargetCandidate =
  | {
      readonly kind: 'onedev';
      readonly url: string;
      /** Null: the one that is stored. */
      readonly token: string | null;
      readonly root: string;
      /** Absolute path of a PEM file; null: the usual authorities. */
      readonly caFile: string | null;
      /** The person was told of the risk and wants plain http to this host. */
      readonly allowInsecure: boolean;
    }
  | { readonly kind: 'folder'; readonly folder: string };

export interface TargetSaving {
  readonly saved: boolean;
  readonly items: readonly CheckItem[];
}

/** Rejections are EpicstarErrors, mostly `config-invalid`, `github-*` and `target-*`. */
export interface Setup {
  state(): Promise<SetupState>;
  /** Listeners are called asynchronously; the returned function ends it. */
  subscribe(listener: (state: SetupState) => void): () => void;

  /** Begins the device flow; how it goes on is told by the state. One that runs is ended first. */
  beginDeviceFlow(options: { readonly apiUrl: string; readonly withPrivate: boolean }): Promise<void>;
  cancelDeviceFlow(): Promise<void>;
  /** Checks the token at GitHub, then stores it. Nothing is stored if it does not work. */
  useGithubToken(options: { readonly apiUrl: string; readonly token: string }): Promise<GithubAccount>;
  signOutGithub(): Promise<void>;

  /** Tries everything that a mirror needs and stores nothing. Findings are told by the state one by one. */
  testTarget(candidate: TargetCandidate, signal: AbortSignal): Promise<readonly CheckItem[]>;
  /** Tests once more; stores only what has no failed item. */
  saveTarget(candidate: TargetCandidate, signal: AbortSignal): Promise<TargetSaving>;
  /** Ends a test, a saving or a bootstrap that is under way. */
  cancelTest(): void;
  /** Makes parent, role and token with an administrator's help, then stores them as the target. */
  bootstrapTarget(
    options: {
      readonly url: string;
      readonly user: string;
      readonly password: string;
      readonly root: string;
      readonly caFile: string | null;
      readonly allowInsecure: boolean;
    },
    signal: AbortSignal,
  ): Promise<TargetSaving & { readonly made: readonly string[] }>;

  selectionRules(): Promise<SelectionRules>;
  previewSelection(rules: SelectionRules): Promise<SelectionPreview>;
  /** Stores the rules and lets them take effect at once. Also ends the set-up where it was the last step. */
  saveSelection(rules: SelectionRules): Promise<SelectionPreview>;
  settings(): Promise<readonly SettingValue[]>;
  /** Texts as a person writes them; null: back to the default. Takes effect at once. Rejects with `config-invalid`. */
  changeSettings(change: Readonly<Record<string, string | null>>): Promise<void>;
  /** Settings, rules and choices as one file, without secrets. */
  exportSettings(): Promise<string>;
  /** What an import would change apart from settings; changes nothing. Rejects with `config-invalid`. */
  previewImport(text: string): Promise<readonly ConfigChange[]>;
  /** What the file names takes the place of what there is. Rejects with `config-invalid`; then nothing was changed. */
  importSettings(text: string): Promise<void>;

  /** Ends what is under way; a device flow goes on after the next start. */
  stop(): Promise<void>;
}
