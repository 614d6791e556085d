/** @file Requests of the LFS protocol: sent, counted, never redirected. Must not know what is asked for. */
import type { Readable } from 'node:stream';
import { type Dispatcher, request } from 'undici';
import { EpicstarError } from '../../domain/errors.ts';

export interface LfsAnswer {
  readonly status: number;
  readonly body: Readable;
}

export interface LfsRequest {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Readable;
}

/** A batch answer of a hundred objects is some 100 kB. */
const maxTextBytes = 4 * 1024 * 1024;

export class LfsHttp {
  readonly #dispatcher: Dispatcher | null;
  #requests = 0;

  constructor(dispatcher: Dispatcher | null) {
    this.#dispatcher = dispatcher;
  }

  get requests(): number {
    return this.#requests;
  }

  /** Rejects as undici does, or with `cancelled`. The body must be read or destroyed. */
  async send({ method, url, headers, body }: LfsRequest, signal: AbortSignal): Promise<LfsAnswer> {
    if (signal.aborted) throw new EpicstarError('cancelled', '', { cause: signal.reason });
    this.#requests += 1;
    const answer = await request(url, {
      method,
      headers: { 'user-agent': 'epicstar', ...headers },
      signal,
      ...(body === undefined ? {} : { body }),
      ...(this.#dispatcher === null ? {} : { dispatcher: this.#dispatcher }),
    });
    return { status: answer.statusCode, body: answer.body };
  }
}

/** The whole body; null where it is larger than any answer of ours. */
export async function readText(body: Readable): Promise<string | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    const piece = Buffer.from(chunk as Uint8Array);
    bytes += piece.length;
    if (bytes > maxTextBytes) {
      body.destroy();
      return null;
    }
    chunks.push(piece);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** So that the connection can be used again; the answer says nothing more. */
export async function drain(body: Readable): Promise<void> {
  await readText(body);
}
