/** @file The disk that the data directory is on. */

export interface Disk {
  /** Bytes this user can still write there; null where the system does not tell. */
  freeBytes(): Promise<number | null>;
  /** Null where a file can be written and removed in the data directory, else why not. */
  writeProblem(): Promise<string | null>;
  /** For a person. */
  readonly dataDir: string;
}
