/**
 * @file A real HTTP proxy on loopback: CONNECT, and plain requests with whole addresses. It knows where names lead, so
 * that what has no address outside of it can be reached through it alone.
 */
import {
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';

export interface ProxyRequest {
  /** `CONNECT` or the method of what it was asked to pass on. */
  readonly method: string;
  /** `HOST:PORT`, or the whole address. */
  readonly target: string;
  readonly userAgent: string;
}

export interface ConnectProxyOptions {
  /** Port on this computer for a name. */
  readonly ports?: Readonly<Record<string, number>>;
  /** Asked of everybody. */
  readonly credentials?: { readonly user: string; readonly password: string };
  /** Answered to each CONNECT. */
  readonly refusal?: number;
}

export class ConnectProxy {
  readonly requests: ProxyRequest[] = [];
  readonly #server: Server;
  readonly #sockets = new Set<Duplex>();
  readonly #options: ConnectProxyOptions;

  private constructor(options: ConnectProxyOptions) {
    this.#options = options;
    this.#server = createServer((request, response) => this.#passOn(request, response));
    this.#server.on('connect', (request: IncomingMessage, socket: Duplex) => this.#connect(request, socket));
    this.#server.on('connection', (socket) => this.#keep(socket));
  }

  static async start(options: ConnectProxyOptions = {}): Promise<ConnectProxy> {
    const proxy = new ConnectProxy(options);
    await new Promise<void>((resolve) => {
      proxy.#server.listen(0, '127.0.0.1', resolve);
    });
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  #keep(socket: Duplex): void {
    this.#sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.once('close', () => this.#sockets.delete(socket));
  }

  #note(request: IncomingMessage): boolean {
    const { method = '', url: target = '', headers } = request;
    this.requests.push({ method, target, userAgent: headers['user-agent'] ?? '' });
    const { credentials } = this.#options;
    if (credentials === undefined) return true;
    const wanted = Buffer.from(`${credentials.user}:${credentials.password}`).toString('base64');
    return headers['proxy-authorization'] === `Basic ${wanted}`;
  }

  #connect(request: IncomingMessage, client: Duplex): void {
    const isKnown = this.#note(request);
    const status = isKnown ? this.#options.refusal : 407;
    if (status !== undefined) {
      client.end(`HTTP/1.1 ${status} No\r\nproxy-authenticate: Basic\r\ncontent-length: 0\r\n\r\n`);
      return;
    }
    const { hostname, port } = new URL(`http://${request.url}`);
    const server: Socket = connect(this.#options.ports?.[hostname] ?? Number(port), '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      server.pipe(client);
      client.pipe(server);
    });
    this.#keep(server);
    server.once('close', () => client.destroy());
    client.once('close', () => server.destroy());
  }

  #passOn(request: IncomingMessage, response: ServerResponse): void {
    if (!this.#note(request)) {
      response.writeHead(407, { 'proxy-authenticate': 'Basic' }).end();
      return;
    }
    const url = new URL(request.url ?? '');
    const { 'proxy-authorization': _secret, 'proxy-connection': _hop, ...headers } = request.headers;
    const onward = httpRequest(
      {
        host: '127.0.0.1',
        port: this.#options.ports?.[url.hostname] ?? url.port,
        method: request.method,
        path: `${url.pathname}${url.search}`,
        headers,
        agent: false,
      },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      },
    );
    onward.on('error', () => response.destroy());
    request.pipe(onward);
  }
}
