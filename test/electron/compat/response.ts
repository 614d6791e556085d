/** @file As much of the web's Response as a handler of a protocol gives. Node 12 has none. */

export class CompatResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;

  constructor(
    body: Uint8Array,
    options: { readonly status: number; readonly headers: Readonly<Record<string, string>> },
  ) {
    this.body = body;
    this.status = options.status;
    this.headers = options.headers;
  }
}

Object.defineProperty(globalThis, 'Response', { value: CompatResponse, configurable: true, writable: true });
