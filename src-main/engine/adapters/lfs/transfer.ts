/** @file One object on its way: received into a file and checked, sent from it. Streams, so that its size does not matter. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { EpicstarError } from '../../domain/errors.ts';
import type { LfsPointer } from '../../domain/extras.ts';
import type { GitRemote } from '../../ports/git.ts';
import type { LfsProblem } from '../../ports/lfs.ts';
import { downloadHref, uploadHref } from './address.ts';
import type { Action } from './batch.ts';
import { drain, type LfsHttp } from './http.ts';
import { diskWords, networkWords } from './words.ts';

export type Problem = Omit<LfsProblem, 'oid'>;

/** Ends the whole copying: no other object would fare better. */
export class TransferStop extends Error {
  override readonly name = 'TransferStop';
  readonly side: 'target' | 'here';

  constructor(side: 'target' | 'here', words: string) {
    super(words);
    this.side = side;
  }
}

function goneKind(status: number): Problem['kind'] {
  if (status === 404 || status === 410) return 'absent';
  return status === 401 || status === 403 ? 'denied' : 'broken';
}

/** Credentials of ours go to nobody: an action carries what it needs. */
export async function receiveObject(
  http: LfsHttp,
  from: GitRemote,
  action: Action,
  pointer: LfsPointer,
  file: string,
  signal: AbortSignal,
  onBytes: (bytes: number) => void,
): Promise<Problem | null> {
  const href = downloadHref(from, action.href);
  if (href.kind === 'unusable') return { kind: 'broken', words: href.words };
  const { host } = new URL(href.url);
  const out = await open(file, 'wx', 0o600);
  try {
    const { status, body } = await http.send(
      { method: 'GET', url: href.url, headers: { ...action.headers, 'accept-encoding': 'identity' } },
      signal,
    );
    if (status !== 200) {
      await drain(body);
      return { kind: goneKind(status), words: `${host} answers ${status}` };
    }
    const hash = createHash('sha256');
    let bytes = 0;
    for await (const chunk of body) {
      const piece = Buffer.from(chunk as Uint8Array);
      bytes += piece.length;
      if (bytes > pointer.size) break;
      hash.update(piece);
      // `write` may take less than it is given, such as on a disk that is nearly full.
      await out.writeFile(piece);
      onBytes(piece.length);
    }
    if (bytes !== pointer.size) {
      const words = bytes > pointer.size ? 'more than its size' : 'less than its size';
      return { kind: 'damaged', words: `${host} sends ${words}` };
    }
    if (hash.digest('hex') === pointer.oid) return null;
    return { kind: 'damaged', words: `what ${host} sends has another checksum` };
  } catch (error) {
    if (signal.aborted) throw new EpicstarError('cancelled', '', { cause: error });
    const disk = diskWords(error);
    if (disk !== null) throw new TransferStop('here', disk);
    return { kind: 'broken', words: networkWords(error, host) };
  } finally {
    await out.close();
  }
}

export async function sendObject(
  http: LfsHttp,
  to: GitRemote,
  { action, verify }: { readonly action: Action; readonly verify: Action | null },
  pointer: LfsPointer,
  file: string,
  signal: AbortSignal,
): Promise<Problem | null> {
  const href = uploadHref(to, action.href, pointer.oid);
  if (href.kind === 'unusable') throw new TransferStop('target', href.words);
  const { host } = new URL(href.url);
  const body = createReadStream(file);
  try {
    const headers = { 'content-type': 'application/octet-stream', ...action.headers };
    const answer = await http.send(
      { method: 'PUT', url: href.url, headers: { ...headers, 'content-length': String(pointer.size) }, body },
      signal,
    );
    await drain(answer.body);
    if (answer.status < 200 || answer.status > 299) {
      return { kind: 'refused', words: `${host} answers ${answer.status}` };
    }
    return verify === null ? null : await verifyObject(http, to, verify, pointer, signal);
  } catch (error) {
    if (signal.aborted) throw new EpicstarError('cancelled', '', { cause: error });
    if (error instanceof TransferStop) throw error;
    return { kind: 'refused', words: networkWords(error, host) };
  } finally {
    body.destroy();
  }
}

async function verifyObject(
  http: LfsHttp,
  to: GitRemote,
  { href, headers }: Action,
  pointer: LfsPointer,
  signal: AbortSignal,
): Promise<Problem | null> {
  const own = new URL(to.url).origin;
  // Asking the mirror for all objects afterwards proves the same.
  if (!URL.canParse(href) || new URL(href).origin !== own) return null;
  const answer = await http.send(
    {
      method: 'POST',
      url: href,
      headers: { 'content-type': 'application/vnd.git-lfs+json', ...headers },
      body: JSON.stringify(pointer),
    },
    signal,
  );
  await drain(answer.body);
  return answer.status === 200 ? null : { kind: 'refused', words: `${new URL(own).host} answers ${answer.status}` };
}
