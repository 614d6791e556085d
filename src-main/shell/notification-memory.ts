/** @file What the policy of notifications remembers, in a file of its own. A file that is lost costs one telling. */
import { readFile } from 'node:fs/promises';
import type { NotificationMemory } from './notification-center.ts';
import type { NotificationState } from './notification-state.ts';
import { replaceFile } from './replace-file.ts';

export interface FileMemory extends NotificationMemory {
  /** Resolves when the last state is written, or could not be. */
  settled(): Promise<void>;
}

export async function openNotificationMemory(
  path: string,
  log: { warn(message: string, fields?: Readonly<Record<string, unknown>>): void },
): Promise<FileMemory> {
  const stored = await readFile(path, 'utf8').then(parse, () => undefined);
  let next: NotificationState | null = null;
  let writing: Promise<void> | null = null;

  async function writeAll(): Promise<void> {
    while (next !== null) {
      const text = JSON.stringify(next);
      next = null;
      try {
        await replaceFile(path, text, { file: 0o600, folder: 0o700 });
      } catch (error) {
        log.warn('what was notified of could not be remembered', { error });
      }
    }
    writing = null;
  }

  return {
    read: () => stored,
    write(state) {
      next = state;
      writing ??= writeAll();
    },
    settled: () => writing ?? Promise.resolve(),
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Cut off, or edited by hand.
    return undefined;
  }
}
