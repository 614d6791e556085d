/** @file What `fs` of Node 12 lacks: to ask for a file that may not be there. Imported before whoever asks. */
import fs from 'node:fs';

const { statSync } = fs;

Reflect.set(fs, 'statSync', (path: fs.PathLike, options: fs.StatSyncOptions = {}): fs.Stats | undefined => {
  try {
    return statSync(path);
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    if (isMissing && options.throwIfNoEntry === false) return undefined;
    throw error;
  }
});
