/** @file Whether there is a network at all, and whether it is another one than before. */

export interface Network {
  /** False only when it is sure that there is none. */
  isOnline(): boolean;
  /** Calls on each change, also from one network to another; the returned function ends that. */
  onChange(listener: (online: boolean) => void): () => void;
}
