/**
 * @file The files that Git LFS keeps on GitHub: the batch request at the repository, the files themselves on another host,
 * whose addresses carry their own right to be read and take no credentials of GitHub's.
 *
 * @see https://github.com/git-lfs/git-lfs/blob/main/docs/api/batch.md
 */
import { createHash, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type Answer, jsonAnswer } from './answer.ts';

const lfsType = 'application/vnd.git-lfs+json';
const pieceBytes = 64 * 1024;

export interface LfsFile {
  readonly oid: string;
  readonly size: number;
}

/** How a file misbehaves. */
export type LfsFault =
  /** The batch says that it is there, the host of the files does not have it. */
  | { readonly kind: 'gone' }
  /** As long as it should be, with other bytes. */
  | { readonly kind: 'other-bytes' }
  | { readonly kind: 'longer' }
  /** The connection ends after so many bytes, so many times. */
  | { readonly kind: 'cut'; readonly afterBytes: number; readonly times: number };

interface Stored extends LfsFile {
  /** Makes the piece that begins at an offset, so that large files need no memory. */
  readonly piece: (offset: number, length: number) => Buffer;
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
}

export class GithubLfs {
  readonly #files = new Map<string, Map<string, Stored>>();
  readonly #faults = new Map<string, LfsFault>();
  readonly #signatures = new Map<string, Stored>();
  readonly #server = createServer((request, response) => {
    this.#serve(request, response).catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : new Error(String(error)));
    });
  });
  #url = '';
  /** Requests to the host of the files that brought an Authorization header: there must be none. */
  credentialsSeen = 0;
  /** Batch requests and downloads. */
  batches = 0;
  downloads = 0;
  /** Status and message of every batch from now on; null: it answers as it should. */
  refusal: { readonly status: number; readonly message: string } | null = null;

  async start(): Promise<void> {
    this.#url = `http://127.0.0.1:${await listen(this.#server)}`;
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }

  /** Keeps a file for a repository, by its full name of today. */
  put(fullName: string, content: Buffer): LfsFile {
    const oid = createHash('sha256').update(content).digest('hex');
    return this.#keep(fullName, {
      oid,
      size: content.length,
      piece: (offset, length) => content.subarray(offset, offset + length),
    });
  }

  /** A file of one byte again and again, which is in no memory. */
  putLarge(fullName: string, size: number, byte: number): LfsFile {
    const hash = createHash('sha256');
    const piece = (offset: number, length: number): Buffer => Buffer.alloc(Math.min(length, size - offset), byte);
    for (let at = 0; at < size; at += pieceBytes) hash.update(piece(at, pieceBytes));
    return this.#keep(fullName, { oid: hash.digest('hex'), size, piece });
  }

  fail(oid: string, fault: LfsFault | null): void {
    if (fault === null) this.#faults.delete(oid);
    else this.#faults.set(oid, fault);
  }

  #keep(fullName: string, file: Stored): LfsFile {
    const key = fullName.toLowerCase();
    const files = this.#files.get(key) ?? new Map<string, Stored>();
    this.#files.set(key, files.set(file.oid, file));
    return { oid: file.oid, size: file.size };
  }

  /** The answer to a batch request of somebody who may read the repository. */
  batch(fullName: string, body: string): Answer {
    this.batches += 1;
    const headers = { 'content-type': lfsType };
    if (this.refusal !== null) {
      const { status, message } = this.refusal;
      return { ...jsonAnswer(status, { message }), headers };
    }
    const asked = readBatch(body);
    if (asked === null) return { ...jsonAnswer(422, { message: 'Invalid request' }), headers };
    const files = this.#files.get(fullName.toLowerCase());
    const objects = asked.map(({ oid, size }) => {
      const file = files?.get(oid);
      if (file === undefined)
        return { oid, size, error: { code: 404, message: 'Object does not exist on the server' } };
      const signature = randomBytes(16).toString('hex');
      this.#signatures.set(signature, file);
      const href = `${this.#url}/media/${oid}?signature=${signature}`;
      return { oid, size, authenticated: true, actions: { download: { href, expires_in: 3600 } } };
    });
    return { ...jsonAnswer(200, { transfer: 'basic', objects }), headers };
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.downloads += 1;
    if (request.headers.authorization !== undefined) {
      this.credentialsSeen += 1;
      response.writeHead(400).end('Only one way to sign in is allowed.');
      return;
    }
    const url = new URL(request.url ?? '/', this.#url);
    const file = this.#signatures.get(url.searchParams.get('signature') ?? '');
    if (file === undefined || url.pathname !== `/media/${file.oid}`) {
      response.writeHead(403).end();
      return;
    }
    const fault = this.#faults.get(file.oid);
    if (fault?.kind === 'gone') {
      response.writeHead(404).end();
      return;
    }
    const size = file.size + (fault?.kind === 'longer' ? 1 : 0);
    response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': String(size) });
    const cutAt = fault?.kind === 'cut' && fault.times > 0 ? fault.afterBytes : null;
    if (fault?.kind === 'cut') this.#faults.set(file.oid, { ...fault, times: fault.times - 1 });
    for (let at = 0; at < file.size; at += pieceBytes) {
      if (cutAt !== null && at + pieceBytes > cutAt) {
        response.write(file.piece(at, cutAt - at), () => response.destroy());
        return;
      }
      const piece =
        fault?.kind === 'other-bytes'
          ? Buffer.alloc(file.piece(at, pieceBytes).length, 0x3f)
          : file.piece(at, pieceBytes);
      if (!response.write(piece) && !response.destroyed) {
        await room(response);
      }
    }
    response.end(fault?.kind === 'longer' ? '!' : '');
  }
}

function room(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const go = (): void => {
      response.off('drain', go).off('close', go);
      resolve();
    };
    response.on('drain', go).on('close', go);
  });
}

function readBatch(body: string): readonly { readonly oid: string; readonly size: number }[] | null {
  const value: unknown = JSON.parse(body);
  if (typeof value !== 'object' || value === null || !('objects' in value) || !Array.isArray(value.objects))
    return null;
  if (!('operation' in value) || value.operation !== 'download') return null;
  return value.objects.flatMap((item: unknown) =>
    typeof item === 'object' && item !== null && 'oid' in item && 'size' in item
      ? [{ oid: String(item.oid), size: Number(item.size) }]
      : [],
  );
}
