/** @file A remote that a person names, such as an account elsewhere that a mirror is pushed to. */
import type { GitRemote } from './git.ts';

export interface OtherAddress {
  /** `https://…`, or an absolute path where those are taken. */
  readonly address: string;
  /** Empty: whatever the server takes beside a token. */
  readonly user: string;
  /** Empty: none is sent. Never stored. */
  readonly token: string;
}

/**
 * @param takesPaths whether the address may be a folder of this computer
 * @throws EpicstarError `config-invalid` for what is no address, `insecure-address` for plain http to another computer
 *   that was not allowed
 */
export type ReadOtherRemote = (wanted: OtherAddress, takesPaths: boolean) => GitRemote;
