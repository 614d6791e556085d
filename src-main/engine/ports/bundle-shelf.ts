/**
 * @file Where bundles of mirrors lie from when they are made until they were fetched: files of one folder, in the order of
 * hours. Rejects with `disk-full` or `internal`.
 */

export interface BundleShelf {
  /** Absolute path for the bundle of this id, in a folder that is there. The id has letters, digits and `-` alone. */
  place(id: string): Promise<string>;
  /** Bytes of a bundle that was written. */
  bytes(id: string): Promise<number>;
  /** Also what was written of it in part. One that is not there is no error. */
  remove(id: string): Promise<void>;
  /** Removes all. */
  clear(): Promise<void>;
}
