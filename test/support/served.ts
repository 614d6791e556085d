/** @file A program that serves its window, as whoever has the token sees it. */
import type { EnvironmentChange, Installation } from './stage.ts';
import type { Program } from './program.ts';
import { waitUntil } from './wait.ts';

export class Served {
  readonly program: Program;
  /** Without the token. */
  readonly url: string;
  readonly token: string;

  readonly installation: Installation;

  private constructor(installation: Installation, program: Program, urlWithToken: string) {
    this.installation = installation;
    this.program = program;
    const url = new URL(urlWithToken);
    this.token = url.searchParams.get('token') ?? '';
    this.url = `${url.origin}/`;
  }

  /** Resolves when it listens. */
  static async start(installation: Installation, change: EnvironmentChange = {}, port = 0): Promise<Served> {
    const program = installation.start(['serve', '--port', String(port), '--json'], change);
    const [, urlWithToken = ''] = await program.waitFor(/"urlWithToken":"([^"]+)"/);
    return new Served(installation, program, urlWithToken);
  }

  /** A request as a member makes it. */
  fetch(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    headers.set('authorization', `Bearer ${this.token}`);
    return fetch(new URL(path, this.url), { ...init, headers });
  }

  /** Value of one of the counters and gauges that have no labels. */
  async metric(name: string): Promise<number> {
    const text = await (await this.fetch('metrics')).text();
    const [, value] = new RegExp(`^epicstar_${name} (\\S+)$`, 'm').exec(text) ?? [];
    if (value === undefined) throw new Error(`no metric epicstar_${name}`);
    return Number(value);
  }

  /** Resolves when a look later than this one has ended; answers its time, in seconds. */
  nextLook(afterSeconds: number): Promise<number> {
    return waitUntil('the next look', async () => {
      const seconds = await this.metric('last_look_timestamp_seconds');
      return seconds > afterSeconds && seconds;
    });
  }

  mirrored(count: number): Promise<boolean> {
    return waitUntil(`${count} mirrors`, async () => (await this.metric('repositories_mirrored')) >= count);
  }
}
