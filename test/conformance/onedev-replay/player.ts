/** @file Plays one recorded exchange against the stand-in: HTTP by hand, so that no path is tidied, git by the real git. */
import { execFile } from 'node:child_process';
import { request } from 'node:http';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startOnedev, type Onedev } from '../../playground/onedev/index.ts';
import { alignCut, normaliseBody, normaliseGit, type Outcome } from './normalise.ts';
import { bodyText, type Recorded } from './recording.ts';

export class Player {
  readonly onedev: Onedev;
  readonly dir: string;
  /** The commit id that stands for the recording's own tip. */
  tip = '';
  /** A token that a recording makes and deletes. */
  temporaryToken = '';
  /** Where git commands run. */
  repository = '';
  #files = 0;

  constructor(onedev: Onedev, dir: string) {
    this.onedev = onedev;
    this.dir = dir;
  }

  /** The administrator's token, the recordings' usual Bearer: the first one made. */
  get token(): string {
    return this.onedev.world.tokens.get(1)?.value ?? '';
  }

  get host(): string {
    return new URL(this.onedev.url).host;
  }

  /** The token ids that the recordings had at that time; the first tokens are always the same three. */
  static async start(tokenCount: number): Promise<Player> {
    const dir = await mkdtemp(join(tmpdir(), 'onedev-replay-'));
    const onedev = await startOnedev({ dataDir: join(dir, 'data') });
    onedev.removeToken(onedev.adminToken);
    const wishes = [
      { name: 'epicstar', hasOwnerPermissions: true },
      { name: 'expired', hasOwnerPermissions: true, expireDate: new Date(0) },
      { name: 'limited' },
    ];
    for (let index = 0; index < tokenCount; index += 1) {
      onedev.addToken(wishes[index] ?? {});
    }
    return new Player(onedev, dir);
  }

  tokenNamed(name: string): string {
    return this.onedev.world.tokens.values().find((token) => token.name === name)?.value ?? '';
  }

  async close(): Promise<void> {
    await this.onedev.close();
    await rm(this.dir, { recursive: true, force: true });
  }

  bearer(token = this.token): string {
    return `Bearer ${token}`;
  }

  basic(user: string, password: string): string {
    return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  }

  /** What was recorded and what the stand-in does, both normalised. */
  async play(recorded: Recorded, authorization: string | null): Promise<readonly [expected: unknown, actual: unknown]> {
    return recorded.request.method === 'git'
      ? this.#playGit(recorded, authorization)
      : this.#playHttp(recorded, authorization);
  }

  async #playHttp(recorded: Recorded, authorization: string | null): Promise<readonly [unknown, unknown]> {
    const { status, headers, body } = recorded.response;
    const outcome = await this.send(recorded, authorization);
    const recordedBody = typeof body === 'string' ? body : JSON.stringify(body);
    const normal = normaliseBody(recordedBody, '127.0.0.1:6610');
    const [expectedBody, actualBody] = alignCut(normal, normaliseBody(outcome.body, this.host));
    const expected: Outcome = {
      status,
      contentType: headers['content-type'] ?? undefined,
      authenticate: headers['www-authenticate'] ?? headers['lfs-authenticate'],
      body: status === 0 ? '' : expectedBody,
    };
    return [expected, { ...outcome, body: actualBody }];
  }

  /** Status 0 and an empty body if the connection failed or broke. */
  send(recorded: Recorded, authorization: string | null): Promise<Outcome> {
    const { method, path, query, headers } = recorded.request;
    const body = bodyText(recorded);
    const pad = headers['X-Pad'] === undefined ? {} : { 'X-Pad': 'a'.repeat(20_000) };
    const own = headers['OneDevAuthorization'] === undefined ? {} : { OneDevAuthorization: this.bearer() };
    const sent = {
      ...headers,
      ...pad,
      ...own,
      ...(body === undefined ? {} : { 'Content-Length': String(Buffer.byteLength(body)) }),
      ...(authorization === null ? {} : { Authorization: authorization }),
    };
    if (authorization === null) {
      delete (sent as { Authorization?: string }).Authorization;
    }
    const failed: Outcome = { status: 0, contentType: undefined, authenticate: undefined, body: '' };
    return new Promise((resolve) => {
      const outgoing = request(
        {
          host: '127.0.0.1',
          port: Number(this.host.split(':')[1]),
          method,
          path: path + queryText(query),
          headers: sent,
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('error', () => resolve(failed));
          response.on('end', () => {
            const authenticate = response.headers['www-authenticate'] ?? response.headers['lfs-authenticate'];
            resolve({
              status: response.statusCode ?? 0,
              contentType: response.headers['content-type'],
              authenticate: typeof authenticate === 'string' ? authenticate : undefined,
              body: Buffer.concat(chunks).toString('utf8'),
            });
          });
        },
      );
      outgoing.on('error', () => resolve(failed));
      outgoing.end(body);
    });
  }

  async #playGit(recorded: Recorded, authorization: string | null): Promise<readonly [unknown, unknown]> {
    const result = await this.git(recorded.request.path, authorization);
    const body = recorded.response.body as { readonly stdout: string; readonly stderr: string };
    const expected = [normaliseGit(body.stdout, '127.0.0.1:6610'), normaliseGit(body.stderr, '127.0.0.1:6610')];
    const actual = [normaliseGit(result.stdout, this.host), normaliseGit(result.stderr, this.host)];
    const pairs = expected.map((text, index) => alignCut(text, actual[index] ?? ''));
    return [
      { status: recorded.response.status, output: pairs.map(([text]) => text) },
      { status: result.status, output: pairs.map(([, text]) => text) },
    ];
  }

  /** Runs a recorded command line; `FILE` is a new place, `<tok>` the token. */
  git(command: string, authorization: string | null): Promise<{ status: number; stdout: string; stderr: string }> {
    this.#files += 1;
    const args = command
      .replaceAll('127.0.0.1:6610', this.host)
      .split(' ')
      .map((arg) => arg.replace('<tok>', this.token).replace(/^FILE$/, join(this.dir, `file-${this.#files}`)));
    return this.run(args, this.repository, authorization);
  }

  run(
    args: readonly string[],
    cwd: string,
    authorization: string | null,
    extra: Readonly<Record<string, string>> = {},
  ): Promise<{ status: number; stdout: string; stderr: string }> {
    const header = authorization?.includes(': ') === true ? authorization : `Authorization: ${authorization}`;
    const env = {
      PATH: process.env['PATH'] ?? '',
      HOME: this.dir,
      LC_ALL: 'C',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_GLOBAL: join(this.dir, 'client-gitconfig'),
      GIT_TERMINAL_PROMPT: '0',
      ...extra,
      ...(authorization === null
        ? {}
        : { GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: 'http.extraHeader', GIT_CONFIG_VALUE_0: header }),
    };
    return new Promise((resolve) => {
      execFile('git', args, { cwd, env, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
        const status = error === null ? 0 : typeof error.code === 'number' ? error.code : 1;
        resolve({ status, stdout, stderr });
      });
    });
  }
}

/** A cut query is the one of 200 terms. */
function wholeQuery(value: string): string {
  const terms = Array.from({ length: 200 }, (_, index) => `"Path" is "github/x${index}"`);
  return value.includes(' more characters]') ? terms.join(' or ') : value;
}

function queryText(query: Recorded['request']['query']): string {
  if (query === null) {
    return '';
  }
  if (typeof query !== 'string') {
    return `?${new URLSearchParams(Object.entries(query).map(([name, value]) => [name, wholeQuery(String(value))])).toString()}`;
  }
  const long = /^query (\d+) chars$/.exec(query);
  const value = long === null ? '' : encodeURIComponent(`"Path" is "${'a'.repeat(Number(long[1]) - 40)}"`);
  return long === null ? `?${query}` : `?query=${value}&offset=0&count=1`;
}
