/** @file A bare HTTP(S) server whose answers a test writes out itself, however wrong. */
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';

export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

export interface RawServer {
  readonly url: string;
  /** `METHOD path` of each request so far. */
  readonly requests: readonly string[];
  readonly authorizations: readonly (string | undefined)[];
  close(): Promise<void>;
}

export const certificateFile = new URL('fixtures/test-server-cert.pem', import.meta.url);
export const keyFile = new URL('fixtures/test-server-key.pem', import.meta.url);

/** `/readyz` is 200 unless the handler is to answer that too. */
export async function startRawServer(
  handler: Handler,
  options: { readonly tls?: boolean; readonly ownReadyz?: boolean } = {},
): Promise<RawServer> {
  const requests: string[] = [];
  const authorizations: (string | undefined)[] = [];
  const listener: RequestListener = (request, response) => {
    if (request.url === '/readyz' && options.ownReadyz !== true) {
      response.writeHead(200, { 'content-type': 'text/plain' }).end('ok\n');
      return;
    }
    requests.push(`${request.method} ${request.url}`);
    authorizations.push(request.headers.authorization);
    handler(request, response);
  };
  const server: Server =
    options.tls === true
      ? createTlsServer({ cert: readFileSync(certificateFile), key: readFileSync(keyFile) }, listener)
      : createServer(listener);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  return {
    url: `${options.tls === true ? 'https' : 'http'}://127.0.0.1:${port}`,
    requests,
    authorizations,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export function send(status: number, body: string, headers: Readonly<Record<string, string>> = {}): Handler {
  return (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);
  };
}
