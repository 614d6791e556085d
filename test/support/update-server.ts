/** @file A server with packages and lists of versions, as they are put there after packing. */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

export interface Published {
  readonly version: string;
  readonly file: string;
  /** As it stands in the list, in YAML; left out: there are none. */
  readonly notes?: string;
  /** Another one than that of the file. */
  readonly sha512?: string;
}

export class UpdateServer {
  /** In the order in which they came. */
  readonly requests: { readonly path: string; readonly headers: IncomingMessage['headers'] }[] = [];
  readonly #files = new Map<string, string>();
  readonly #server = createServer((request, response) => this.#answer(request, response));
  /** Answers with this status instead. */
  status: number | null = null;
  #held: ServerResponse[] | null = null;

  static async start(): Promise<UpdateServer> {
    const server = new UpdateServer();
    server.#server.listen(0, '127.0.0.1');
    await once(server.#server, 'listening');
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/epicstar`;
  }

  put(name: string, content: string): void {
    this.#files.set(`/epicstar/${name}`, content);
  }

  remove(name: string): void {
    this.#files.delete(`/epicstar/${name}`);
  }

  /** The package, and the list that names it, in the words of the packager. */
  publish(list: string, { version, file, notes, sha512 }: Published): void {
    const name = `epicstar-${version}-linux-x86_64.AppImage`;
    const sum = sha512 ?? createHash('sha512').update(file).digest('base64');
    this.put(name, file);
    this.put(
      list,
      [
        `version: ${version}`,
        'files:',
        `  - url: epicstar_${version}_amd64.deb`,
        `    sha512: ${sum}`,
        '    size: 7',
        `  - url: ${name}`,
        `    sha512: ${sum}`,
        `    size: ${Buffer.byteLength(file)}`,
        `path: ${name}`,
        `sha512: ${sum}`,
        ...(notes === undefined ? [] : [`releaseNotes: ${notes}`]),
        `releaseDate: '2026-10-24T12:00:00.000Z'`,
        '',
      ].join('\n'),
    );
  }

  /** Answers nothing until `release`. */
  hold(): void {
    this.#held = [];
  }

  /** @param then to what waits: an error, or nothing ever, while others are answered afresh */
  release(then: 'error' | 'afresh' = 'error'): void {
    const held = this.#held ?? [];
    this.#held = null;
    if (then === 'error') for (const response of held) response.writeHead(500).end();
  }

  async close(): Promise<void> {
    if (!this.#server.listening) return;
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    this.requests.push({ path: path.replace('/epicstar/', ''), headers: request.headers });
    if (this.#held !== null) {
      this.#held.push(response);
      return;
    }
    const content = this.#files.get(path);
    response.writeHead(this.status ?? (content === undefined ? 404 : 200)).end(content);
  }
}
