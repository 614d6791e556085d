/** @file Where tokens live. They reach adapters through this port alone and are never kept elsewhere. */

export type SecretName = 'github-token' | 'onedev-token' | 'webhook-secret' | 'web-token';

export interface Secrets {
  /** Null: not set. Reads anew each time, so a replaced token is seen. Every value read is given to the redactor. */
  read(name: SecretName): Promise<string | null>;
  /** Stores for good, readable by this user alone. Rejects with `config-invalid` where the value comes from outside. */
  write(name: SecretName, value: string | null): Promise<void>;
  /** In words for a person: `environment variable EPICSTAR_GITHUB_TOKEN`, `file …`; null where it is not set. */
  origin(name: SecretName): Promise<string | null>;
}
