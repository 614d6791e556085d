/** @file The open event streams of all channels, and the bytes that are written to them. */
import type { ServerResponse } from 'node:http';

interface Stream {
  readonly channel: string;
  readonly response: ServerResponse;
  /** Events written so far; the next event's id. */
  nextId: number;
  isSilent: boolean;
}

export class Streams {
  readonly #open = new Set<Stream>();
  readonly #watchers = new Set<() => void>();

  /** Begins a stream with its head and `ready`. No `retry`, and nothing of what was delivered before. */
  open(channel: string, response: ServerResponse, isHalfOpen: boolean): void {
    response.socket?.setTimeout(0);
    response.writeHead(200, {
      'Content-Type': 'text/event-stream',
      'Cache-Control': 'no-cache',
      Connection: 'keep-alive',
      'x-no-compression': 1,
    });
    const stream: Stream = { channel, response, nextId: 0, isSilent: false };
    this.#open.add(stream);
    response.on('close', () => {
      this.#open.delete(stream);
      this.#changed();
    });
    this.#event(stream, 'event: ready\ndata: {}');
    stream.isSilent = isHalfOpen;
    this.#changed();
  }

  /** To whoever listens to the channel now; nobody is an answer too. */
  deliver(channel: string, message: Readonly<Record<string, unknown>>): void {
    for (const stream of this.of(channel)) this.#event(stream, `data: ${JSON.stringify(message)}`);
  }

  ping(): void {
    for (const stream of this.#open) this.#event(stream, 'event: ping\ndata: {}');
  }

  /** Text as it is, without an id. */
  write(channel: string, text: string): void {
    for (const stream of this.of(channel)) if (!stream.isSilent) stream.response.write(text);
  }

  silence(channel: string | null): void {
    for (const stream of this.of(channel)) stream.isSilent = true;
  }

  /** Breaks the connections in the middle of the chunked body. */
  cut(channel: string | null): void {
    for (const stream of this.of(channel)) stream.response.destroy();
  }

  /** Ends the streams as a server does that shuts down in good order. */
  end(channel: string | null): void {
    for (const stream of this.of(channel)) stream.response.end();
  }

  /** `null` means all channels. */
  of(channel: string | null): readonly Stream[] {
    return [...this.#open].filter((stream) => channel === null || stream.channel === channel);
  }

  /** Resolves when exactly so many listen; rejects after `timeoutMs`. */
  waitForCount(channel: string | null, count: number, timeoutMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const check = (): void => {
        if (this.of(channel).length !== count) return;
        stop();
        resolve();
      };
      const timer = setTimeout(() => {
        stop();
        reject(new Error(`${this.of(channel).length} instead of ${count} listeners after ${timeoutMs} ms`));
      }, timeoutMs);
      const stop = (): void => {
        clearTimeout(timer);
        this.#watchers.delete(check);
      };
      this.#watchers.add(check);
      check();
    });
  }

  #event(stream: Stream, fields: string): void {
    const id = stream.nextId++;
    if (!stream.isSilent) stream.response.write(`id: ${id}\n${fields}\n\n`);
  }

  #changed(): void {
    for (const check of this.#watchers) check();
  }
}
