/** @file Where projects went since callers learned of them, and that only one is moved at a time in this process. */
import type { TargetProject } from '../../ports/mirror-target.ts';
import { Lock } from './lock.ts';

export class OnedevMoves {
  readonly #lock = new Lock();
  readonly #movedTo = new Map<string, string>();

  /** Runs a task that looks at places and moves projects, after all that were asked for before. */
  run<T>(task: () => Promise<T>): Promise<T> {
    return this.#lock.run(task);
  }

  note(id: number, path: string): void {
    this.#movedTo.set(String(id), path);
  }

  /** A project was found at a path; that is of use only where it was known to have moved. */
  found(id: number, path: string): void {
    if (this.#movedTo.has(String(id))) this.note(id, path);
  }

  /** Where a project stands now, if it was moved since the caller learned of it. */
  currentPath(project: TargetProject): string {
    return this.#movedTo.get(project.id) ?? project.path;
  }
}
