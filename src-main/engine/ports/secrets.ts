/** @file Where tokens live. They reach adapters through this port alone and are never kept elsewhere. */

/** What an operator may also give from outside: in the environment, in a file, as a credential of the system. */
export type OutsideSecretName =
  | 'github-token'
  | 'onedev-token'
  | 'webhook-secret'
  | 'web-token'
  | 'attach-token'
  | 'push-token';
/** `github-grant`: what a sign-in brought, as JSON; `github-device-flow`: a sign-in under way. */
export type SecretName = OutsideSecretName | 'github-grant' | 'github-device-flow';

export interface Secrets {
  /** Null: not set. Reads anew each time, so a replaced token is seen. Every value read is given to the redactor. */
  read(name: SecretName): Promise<string | null>;
  /** Stores for good, readable by this user alone. Rejects with `config-invalid` where the value comes from outside. */
  write(name: SecretName, value: string | null): Promise<void>;
  /** Whether the value comes from outside, so that it cannot be written here. */
  isFixed(name: SecretName): Promise<boolean>;
  /** In words for a person: `environment variable EPICSTAR_GITHUB_TOKEN`, `file …`; null where it is not set. */
  origin(name: SecretName): Promise<string | null>;
}
