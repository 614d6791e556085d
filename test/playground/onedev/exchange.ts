/** @file One request and its answer, with the fault that was ordered for it. Knows HTTP, not OneDev. */
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline, type Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { createGunzip } from 'node:zlib';
import type { Answer } from './answers.ts';
import type { Fault } from './faults.ts';

export class Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Without the query, not decoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly fault: Fault;
  /** Aborts when the connection ends. */
  readonly signal: AbortSignal;
  #written = 0;
  #received = 0;
  #wasCut = false;

  constructor(request: IncomingMessage, response: ServerResponse, fault: Fault) {
    this.request = request;
    this.response = response;
    this.fault = fault;
    const url = request.url ?? '/';
    const mark = url.indexOf('?');
    this.path = mark < 0 ? url : url.slice(0, mark);
    this.query = new URLSearchParams(mark < 0 ? '' : url.slice(mark + 1));
    const controller = new AbortController();
    response.on('close', () => controller.abort());
    this.signal = controller.signal;
  }

  get method(): string {
    return this.request.method ?? 'GET';
  }

  /** 0 after a cut before the head went out. */
  get status(): number {
    return this.#wasCut && !this.response.headersSent ? 0 : this.response.statusCode;
  }

  /** Of the request's body, as far as it was read. */
  get bytesIn(): number {
    return this.#received;
  }

  /** Closes the connection without another byte. */
  cut(): void {
    this.#wasCut = true;
    this.request.destroy();
    this.response.destroy();
  }

  /** True if the fault has answered the request already. */
  async applyEarlyFault(): Promise<boolean> {
    const { delayMs, redirectTo, status, headers, body } = this.fault;
    if (delayMs !== undefined) {
      await delay(delayMs);
    }
    if (redirectTo !== undefined) {
      await this.send({ status: 302, headers: { location: redirectTo }, body: '' });
      return true;
    }
    if (status !== undefined) {
      await this.send({ status, headers: { 'content-type': 'text/plain', ...headers }, body: body ?? '' });
      return true;
    }
    return false;
  }

  /** Closes the connection after the head of an answer whose body never ends, as a server whose worker died. */
  breakOff(): void {
    this.response.flushHeaders();
    this.response.socket?.end();
    this.#wasCut = true;
  }

  async send(answer: Answer): Promise<void> {
    const changed = this.#change(answer);
    const body = Buffer.from(changed.body);
    if (this.response.headersSent || this.response.destroyed) {
      this.cut();
      return;
    }
    this.response.writeHead(changed.status, { ...changed.headers, ...lengthOf(changed.status, body) });
    if (this.method !== 'HEAD') {
      await this.write(body);
    }
    this.response.end();
  }

  #change(answer: Answer): Answer {
    const { replaceBody, hugeBodyBytes } = this.fault;
    if (replaceBody !== undefined) {
      return { ...answer, headers: { 'content-type': replaceBody.contentType }, body: replaceBody.body };
    }
    return hugeBodyBytes === undefined ? answer : { ...answer, body: 'x'.repeat(hugeBodyBytes) };
  }

  /** Waits while the client reads slowly; closes the connection where the fault says so. */
  async write(chunk: Buffer): Promise<void> {
    const limit = this.fault.cutAfterBytes ?? Number.POSITIVE_INFINITY;
    const room = limit - this.#written;
    this.#written += chunk.length;
    if (chunk.length > room) {
      const sent = new Promise<void>((resolve) => this.response.write(chunk.subarray(0, room), () => resolve()));
      await Promise.race([sent, delay(100)]);
      this.cut();
      return;
    }
    if (chunk.length > 0 && !this.response.destroyed && !this.response.write(chunk)) {
      await once(this.response, 'drain', { signal: this.signal }).catch(() => this.cut());
    }
  }

  /** The request's body, unpacked. Rejects when the connection ends early. */
  body(): Readable {
    if (this.request.headers['content-encoding'] !== 'gzip') {
      return this.request;
    }
    const unpacked = createGunzip();
    // The reader of `unpacked` sees the same error.
    pipeline(this.request, unpacked, () => undefined);
    return unpacked;
  }

  /** The body's chunks; cuts the connection where the fault says so. */
  async *chunks(): AsyncGenerator<Buffer> {
    const { requestBytesPerSecond } = this.fault;
    const beganMs = performance.now();
    for await (const chunk of this.body()) {
      const bytes = Buffer.from(chunk as Uint8Array);
      this.#received += bytes.length;
      if (requestBytesPerSecond !== undefined) {
        const dueMs = beganMs + (this.#received * 1_000) / requestBytesPerSecond;
        await delay(Math.max(0, dueMs - performance.now()), undefined, { signal: this.signal });
      }
      if (this.#received > (this.fault.cutRequestAfterBytes ?? Number.POSITIVE_INFINITY)) {
        this.cut();
        throw new Error('cut as ordered');
      }
      yield bytes;
    }
  }

  /** Undefined if the body is longer than the limit. */
  async readBody(limitBytes: number): Promise<Buffer | undefined> {
    const chunks: Buffer[] = [];
    let length = 0;
    for await (const chunk of this.chunks()) {
      length += chunk.length;
      if (length > limitBytes) {
        return undefined;
      }
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  }
}

function lengthOf(status: number, body: Buffer): Record<string, string> {
  return status === 204 ? {} : { 'content-length': String(body.length) };
}
