/** @file Which part of a long transfer is under way. */

export interface WorkPart {
  /** From 1. */
  readonly number: number;
  /** About how many there are; null: nobody knows. */
  readonly of: number | null;
}
