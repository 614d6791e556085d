/** @file The address of a remote, checked before it becomes an argument. */
import { isAbsolute } from 'node:path';
import { EpicstarError } from '../../domain/errors.ts';
import type { GitRemote } from '../../ports/git.ts';
import { httpOrigin } from './environment.ts';

/** Throws `git-failed` for what is neither a plain http(s) URL nor, for `file`, an absolute path. */
export function remoteAddress(remote: GitRemote): string {
  if (remote.transport === 'file') {
    if (!isAbsolute(remote.url)) throw new EpicstarError('git-failed', 'The path of the remote is not absolute.');
    return remote.url;
  }
  httpOrigin(remote.url);
  return remote.url;
}
