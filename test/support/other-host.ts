/** @file Somebody else's git server: bare repositories over HTTP, for one user with a token. */
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createGitHttpHandler } from '../playground/git-http/index.ts';
import { createBare } from '../playground/repositories/index.ts';

export const otherToken = 'other-host-token-0123456789';
export const otherUser = 'stella-elsewhere';

export class OtherHost {
  readonly url: string;
  /** Paths and queries, as they were asked for. */
  readonly asked: readonly string[];
  readonly #dir: string;
  readonly #server: Server;

  private constructor(dir: string, server: Server, url: string, asked: readonly string[]) {
    this.#dir = dir;
    this.#server = server;
    this.url = url;
    this.asked = asked;
  }

  static async start(): Promise<OtherHost> {
    const dir = await mkdtemp(join(tmpdir(), 'epicstar-other-'));
    const wanted = `Basic ${Buffer.from(`${otherUser}:${otherToken}`).toString('base64')}`;
    const asked: string[] = [];
    const handle = createGitHttpHandler({
      resolve: (pathname, { headers, url = '' }) => {
        asked.push(url);
        if (headers.authorization !== wanted) {
          return { status: 401, headers: { 'www-authenticate': 'Basic realm="other"' }, body: 'Sign in.\n' };
        }
        return { repoDir: join(dir, pathname.split('/')[1] ?? ''), allowPush: true };
      },
    });
    const server = createServer((request, response) => void handle(request, response));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('the other host listens on no port');
    return new OtherHost(dir, server, `http://127.0.0.1:${address.port}`, asked);
  }

  /** An empty repository. */
  add(name: string): { readonly address: string; readonly dir: string } {
    const dir = join(this.#dir, `${name}.git`);
    createBare(dir, 'main');
    return { address: `${this.url}/${name}.git`, dir };
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await rm(this.#dir, { recursive: true, force: true });
  }
}
