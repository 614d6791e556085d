/** @file A real web host over a scripted engine, with what tests need to talk to it. */
import { request as httpRequest } from 'node:http';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { createBridge } from '../../src-main/bridge/bridge.ts';
import { startWebHost, type WebHost, type WebHostOptions } from '../../src-main/web/web-host.ts';
import { realClock } from './real-clock.ts';
import { ScriptedEngine } from './scripted-engine.ts';
import { ScriptedSetup } from './scripted-setup.ts';

export const benchToken = 'bench-token-0123456789abcdefghij';

export interface LogLine {
  readonly level: string;
  readonly message: string;
  readonly fields: unknown;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
}

export class WebBench {
  readonly engine: ScriptedEngine;
  readonly setup = new ScriptedSetup();
  readonly log: LogLine[] = [];
  readonly #ends: (() => Promise<void> | void)[] = [];
  #host: WebHost | null = null;

  constructor(engine = new ScriptedEngine()) {
    this.engine = engine;
  }

  get host(): WebHost {
    if (this.#host === null) throw new Error('the web host was not started');
    return this.#host;
  }

  get port(): number {
    return Number(new URL(this.host.url).port);
  }

  async start(change: Partial<WebHostOptions> = {}): Promise<void> {
    const staticDir = change.staticDir ?? (await this.makeDir());
    this.#host = await startWebHost({
      bridge: createBridge({
        engine: this.engine,
        setup: this.setup,
        links: () => ({ githubWebUrl: 'https://github.com', targetUrl: 'https://onedev.example.org' }),
        version: '1.2.3',
        clock: realClock,
        log: this.#logger(),
      }),
      host: '127.0.0.1',
      port: 0,
      allowWider: false,
      allowedHosts: [],
      token: benchToken,
      staticDir,
      version: '1.2.3',
      log: this.#logger(),
      setTimer: realClock.setTimer,
      ...change,
    });
  }

  async makeDir(): Promise<string> {
    const dir = await mkdtemp(join(tmpdir(), 'epicstar-web-'));
    this.#ends.push(() => rm(dir, { recursive: true, force: true }));
    return dir;
  }

  async stop(): Promise<void> {
    await this.#host?.close();
    this.#host = null;
  }

  async end(): Promise<void> {
    await this.stop();
    for (const end of this.#ends.splice(0)) await end();
  }

  /** One request with exactly these headers: `Host` and `Origin` included, which fetch would not send. */
  ask(path: string, headers: Readonly<Record<string, string>> = {}, method = 'GET', body = ''): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const request = httpRequest(
        { host: '127.0.0.1', port: this.port, path, method, headers, agent: false },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('end', () =>
            resolve({
              status: response.statusCode ?? 0,
              headers: response.headers,
              body: Buffer.concat(chunks).toString('utf8'),
            }),
          );
        },
      );
      request.on('error', reject);
      request.end(body);
    });
  }

  /** The cookie, as `name=value`, got by the token in the address. */
  async signIn(): Promise<string> {
    const { headers } = await this.ask(`/?token=${benchToken}`);
    const [cookie] = headers['set-cookie'] ?? [];
    const pair = cookie?.split(';', 1)[0];
    if (pair === undefined) throw new Error('no cookie was set');
    return pair;
  }

  socket(headers: Readonly<Record<string, string>>): WebSocket {
    const socket = new WebSocket(`ws://127.0.0.1:${this.port}/api/socket`, { headers });
    this.#ends.push(() => socket.terminate());
    return socket;
  }

  async openSocket(): Promise<WebSocket> {
    const socket = this.socket({ cookie: await this.signIn(), origin: new URL(this.host.url).origin });
    await once(socket, 'open');
    return socket;
  }

  #logger(): WebHostOptions['log'] {
    const at = (level: string) => (message: string, fields?: unknown) => {
      this.log.push({ level, message, fields });
    };
    return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
  }
}
