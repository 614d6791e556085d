/** @file The git adapter beside a real git server on loopback, with what tests need to look at both. */
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createGit, type GitOptions } from '../../../src-main/engine/adapters/git/git.ts';
import type { Git, GitCache, GitCall, GitRemote } from '../../../src-main/engine/ports/git.ts';
import type { Log, Redactor } from '../../../src-main/engine/ports/log.ts';
import {
  createGitHttpHandler,
  type GitHttpDecision,
  type GitHttpFaults,
  type GitHttpRecord,
} from '../../playground/git-http/index.ts';
import { createBare, importInto, runGit } from '../../playground/repositories/bare-repository.ts';
import { ImportStream } from '../../playground/repositories/import-stream.ts';
import { realClock } from '../../support/real-clock.ts';

/** Replaces what it was told, in the forms that the port names. */
export class ListRedactor implements Redactor {
  readonly secrets = new Set<string>();

  add(secret: string): void {
    if (secret.length < 8) return;
    for (const form of [secret, Buffer.from(secret).toString('base64'), encodeURIComponent(secret)]) {
      this.secrets.add(form);
    }
  }

  redact(text: string): string {
    return [...this.secrets].reduce((rest, secret) => rest.replaceAll(secret, '***'), text);
  }
}

/** A log that keeps its lines as JSON text. */
export class LineLog implements Log {
  readonly lines: string[] = [];

  debug = (message: string, fields?: unknown): void => void this.lines.push(JSON.stringify({ message, fields }));
  info = this.debug;
  warn = this.debug;
  error = this.debug;
  child = (): Log => this;
}

export class GitBench {
  readonly redactor = new ListRedactor();
  readonly log = new LineLog();
  readonly requests: GitHttpRecord[] = [];
  readonly authorizations: (string | undefined)[] = [];
  /** Applied to every request to git. */
  faults: GitHttpFaults = {};
  /** Asked first; null lets the request through to the repository of that name. */
  answer: (pathname: string, request: IncomingMessage) => GitHttpDecision | null = () => null;
  /** Called when a request has arrived. */
  onArrival: (pathname: string, request: IncomingMessage) => void = () => undefined;
  readonly dir: string;
  readonly #server: Server;
  #gits = 0;

  private constructor(dir: string, server: Server) {
    this.dir = dir;
    this.#server = server;
  }

  static async start(): Promise<GitBench> {
    const dir = await mkdtemp(join(tmpdir(), 'epicstar-git-'));
    const server = createServer();
    const bench = new GitBench(dir, server);
    const handle = createGitHttpHandler({
      resolve: (pathname, request) => bench.#decide(pathname, request),
      onRequest: (record) => void bench.requests.push(record),
    });
    server.on('request', (request, response) => void handle(request, response));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return bench;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
    await rm(this.dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  bare(name: string): string {
    return join(this.dir, 'server', `${name}.git`);
  }

  remote(name: string, authorization: string | null = null): GitRemote {
    return { url: `${this.origin}/${name}.git`, transport: 'http', authorization };
  }

  fileRemote(name: string): GitRemote {
    return { url: this.bare(name), transport: 'file', authorization: null };
  }

  /** An adapter with a cache folder of its own. */
  git(change: Partial<GitOptions> = {}): Git {
    this.#gits += 1;
    return createGit({
      cacheRoot: join(this.dir, `caches-${this.#gits}`),
      homeDir: join(this.dir, `home-${this.#gits}`),
      bundledDir: join(this.dir, 'no-bundled-git'),
      log: this.log,
      redactor: this.redactor,
      clock: realClock,
      processEnv: { PATH: process.env['PATH'] },
      platform: process.platform,
      ...change,
    });
  }

  /** Processes that a git of this bench started and that still run; none where the system has no `/proc`. */
  async running(): Promise<readonly string[]> {
    return process.platform === 'linux' ? await processesWith(join(this.dir, 'home-')) : [];
  }

  emptyRepository(name: string): string {
    createBare(this.bare(name), 'main');
    return this.bare(name);
  }

  async repository(name: string, fill: (stream: ImportStream) => void): Promise<string> {
    const bareDir = this.emptyRepository(name);
    const stream = new ImportStream();
    fill(stream);
    await importInto(bareDir, stream.chunks());
    return bareDir;
  }

  async tip(name: string, ref: string): Promise<string> {
    return (await runGit(this.bare(name), ['rev-parse', '--verify', '-q', ref])).trim();
  }

  #decide(pathname: string, request: IncomingMessage): GitHttpDecision {
    this.authorizations.push(request.headers.authorization);
    this.onArrival(pathname, request);
    const answer = this.answer(pathname, request);
    if (answer !== null) return answer;
    const name = /^\/([\w-]+)\.git\//.exec(pathname)?.[1];
    if (name === undefined) return { status: 404, body: 'Not Found' };
    return { repoDir: this.bare(name), allowPush: true, faults: this.faults };
  }
}

/** A call that nobody ends. */
export function quietCall(): GitCall {
  return { signal: new AbortController().signal };
}

/** A line of commits on one branch; each changes one file of so many incompressible bytes. */
export function commits(stream: ImportStream, ref: string, count: number, bytes = 20, from?: string): string {
  let mark = from;
  for (let index = 0; index < count; index += 1) {
    const content = noise(bytes, `${ref} ${index}`);
    mark = stream.commit({
      ref,
      message: `${ref} ${index}`,
      files: { [`file-${index % 5}`]: content },
      ...(mark === undefined ? {} : { from: mark }),
    });
  }
  return mark ?? '';
}

function noise(bytes: number, seed: string): Buffer {
  const content = Buffer.alloc(bytes);
  let state = Buffer.from(seed).reduce((sum, byte) => (sum * 31 + byte) % 0x7fffffff, 7);
  for (let index = 0; index < bytes; index += 1) {
    state = (state * 48271) % 0x7fffffff;
    content[index] = state & 0xff;
  }
  return content;
}

/** Ids and command lines of living processes whose environment or arguments hold the text; Linux alone. */
async function processesWith(text: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name) || Number(name) === process.pid) continue;
    const read = (file: string): Promise<string> => readFile(`/proc/${name}/${file}`, 'utf8').catch(() => '');
    const [environment, commandLine] = await Promise.all([read('environ'), read('cmdline')]);
    if (environment.includes(text) || commandLine.includes(text)) found.push(`${name} ${commandLine}`);
  }
  return found;
}

/** Texts of all files below a folder. */
export async function textsBelow(dir: string): Promise<string> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const texts = await Promise.all(files.map((entry) => readFile(join(entry.parentPath, entry.name), 'latin1')));
  return texts.join('\n');
}

export async function openEmpty(git: Git, key = 1): Promise<GitCache> {
  return (await git.openCache(key)).cache;
}

/** A promise that the test settles from a callback, bounded by the time limit of the test. */
export function moment(): { readonly reached: Promise<void>; readonly reach: () => void } {
  let reach = (): void => undefined;
  const reached = new Promise<void>((resolve) => {
    reach = resolve;
  });
  return { reached, reach };
}
