/** @file As much of the web's Response as a handler of a protocol gives. Node 12 has none. */
import { Readable } from 'node:stream';

export class CompatResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | Readable | null;

  constructor(
    body: Uint8Array | Readable | null,
    options: { readonly status: number; readonly headers: Readonly<Record<string, string>> },
  ) {
    this.body = body;
    this.status = options.status;
    this.headers = options.headers;
  }
}

Object.defineProperty(globalThis, 'Response', { value: CompatResponse, configurable: true, writable: true });
// The streams of the web are not there either: this Response takes those of Node.
Object.defineProperty(Readable, 'toWeb', { value: (body: Readable) => body, configurable: true });
