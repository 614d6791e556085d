/** @file Whether there is a network at all. */

export interface Network {
  /** False only when it is sure that there is none. */
  isOnline(): boolean;
  /** Calls on each change; the returned function ends that. */
  onChange(listener: (online: boolean) => void): () => void;
}
