/**
 * @file Getting tokens: GitHub's device flow and its refresh, and a OneDev token made with an administrator's help.
 * Methods reject with an EpicstarError of a `github-*` or `target-*` code, `config-invalid`, `insecure-address` or
 * `cancelled`, and with nothing else. No secret is kept by an implementation.
 */
import type { Instant } from '../domain/repository.ts';

/** What the person types on GitHub's page. */
export interface DeviceCode {
  /** Eight characters and a hyphen. */
  readonly userCode: string;
  /** Page to open, on the GitHub host that was asked. */
  readonly verificationUri: string;
  readonly expiresAt: Instant;
}

/** A flow under way, as it has to be kept (as a secret) to go on after a restart. */
export interface PendingDeviceFlow {
  readonly apiUrl: string;
  readonly clientId: string;
  readonly deviceCode: string;
  readonly userCode: string;
  readonly verificationUri: string;
  readonly expiresAt: Instant;
  readonly intervalMs: number;
}

export interface GithubGrant {
  readonly token: string;
  /** Scopes of an OAuth app's token; null for a GitHub App's. */
  readonly scopes: readonly string[] | null;
  /** Null: does not expire by time. */
  readonly expiresAt: Instant | null;
  /** Single use: the old pair dies when it is used. */
  readonly refreshToken: string | null;
  readonly refreshExpiresAt: Instant | null;
}

export type DeviceFlowEnd =
  | { readonly kind: 'granted'; readonly grant: GithubGrant }
  /** The person pressed Cancel on GitHub's page. */
  | { readonly kind: 'denied' }
  | { readonly kind: 'expired' };

export interface DeviceFlowRequest {
  /** As in the settings; the OAuth host is derived from it. */
  readonly apiUrl: string;
  readonly clientId: string;
  /** For OAuth apps: empty reads public stars only, `repo` private ones too. GitHub Apps ignore it. */
  readonly scopes: readonly string[];
  /** Goes on with a flow that was begun before a restart instead of asking for a new code. */
  readonly resume: PendingDeviceFlow | null;
  readonly signal: AbortSignal;
  /** Called once, before the first poll. */
  readonly onCode: (pending: PendingDeviceFlow) => void;
}

export interface GithubSignIn {
  /**
   * Runs the flow to its end: polls at GitHub's interval, slows down for good when told to, tries again after network
   * errors, and ends by its own clock. Aborting ends it at once.
   */
  runDeviceFlow(request: DeviceFlowRequest): Promise<DeviceFlowEnd>;
  /** Exchanges the refresh token; the answer has to be stored before it is used. */
  refresh(request: {
    readonly apiUrl: string;
    readonly clientId: string;
    readonly refreshToken: string;
    readonly signal: AbortSignal;
  }): Promise<GithubGrant>;
}

export interface OnedevBootstrapRequest {
  readonly url: string;
  readonly user: string;
  /** Used for these requests alone and kept nowhere. */
  readonly password: string;
  /** Path of the parent project; made where it is missing. */
  readonly root: string;
  readonly signal: AbortSignal;
}

export interface OnedevBootstrap {
  /**
   * Signs in as an administrator once and makes what is missing: the parent project, a role with the least rights that
   * suffice, and a token that has this role on the parent alone.
   *
   * @returns the token and what was made, in words, for the person
   */
  makeLimitedToken(request: OnedevBootstrapRequest): Promise<{
    readonly token: string;
    readonly made: readonly string[];
  }>;
}
