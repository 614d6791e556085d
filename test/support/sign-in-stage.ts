/** @file A sign-in to the GitHub stand-in as the program has it: real files for secrets, real HTTP, a clock moved by hand. */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Agent } from 'undici';
import { createGithub } from '../../src-main/engine/adapters/github/github.ts';
import { createEnvSecrets } from '../../src-main/engine/adapters/system/env-secrets.ts';
import { createRedactor } from '../../src-main/engine/adapters/system/redactor.ts';
import { GithubSignInFlow } from '../../src-main/engine/core/github-sign-in.ts';
import type { DeviceCode, GithubSignInState } from '../../src-main/engine/core/setup-api.ts';
import { TokenKeeper } from '../../src-main/engine/core/token-keeper.ts';
import { openSignInBench, type SignInBench } from '../adapters/github/sign-in-bench.ts';
import { type Github, OAUTH_APP_CLIENT_ID, startGithub } from '../playground/github/index.ts';
import { createKeptLog } from './kept-log.ts';
import { waitUntil } from './wait.ts';

type StateOf<K extends GithubSignInState['kind']> = Extract<GithubSignInState, { readonly kind: K }>;

export class SignInStage {
  readonly dataDir: string;
  readonly bench: SignInBench;
  readonly github: Github;
  readonly log = createKeptLog();
  /** Addresses that the rest of the program was told of, null for signing out. */
  readonly told: (string | null)[] = [];
  readonly #agent = new Agent();
  #opened: { readonly flow: GithubSignInFlow; readonly keeper: TokenKeeper };

  private constructor(dataDir: string, bench: SignInBench, github: Github) {
    this.dataDir = dataDir;
    this.bench = bench;
    this.github = github;
    const nothing = (): Promise<void> => Promise.resolve();
    this.#opened = this.#make({}, nothing, nothing);
  }

  static async start(): Promise<SignInStage> {
    const bench = openSignInBench();
    const github = await startGithub({ clock: { now: () => bench.clock.now() } });
    return new SignInStage(await mkdtemp(join(tmpdir(), 'epicstar-sign-in-')), bench, github);
  }

  get flow(): GithubSignInFlow {
    return this.#opened.flow;
  }

  get keeper(): TokenKeeper {
    return this.#opened.keeper;
  }

  /** As another start of the program does; the flow before is to be stopped first. */
  open(
    env: Readonly<Record<string, string>> = {},
    onChanged: (apiUrl: string | null) => Promise<void> = () => Promise.resolve(),
    beforeStored: (apiUrl: string) => Promise<void> = () => Promise.resolve(),
  ): void {
    this.#opened = this.#make(env, onChanged, beforeStored);
  }

  begin(clientId = OAUTH_APP_CLIENT_ID, withPrivate = true): Promise<void> {
    return this.flow.begin({ apiUrl: this.github.apiUrl, clientId, withPrivate });
  }

  /** Names of the secrets that are stored, in order. */
  async stored(): Promise<readonly string[]> {
    const names = await readdir(join(this.dataDir, 'secrets')).catch(() => []);
    return names.toSorted((a, b) => a.localeCompare(b));
  }

  async stateOf<K extends GithubSignInState['kind']>(kind: K): Promise<StateOf<K>> {
    const isIt = (state: GithubSignInState): state is StateOf<K> => state.kind === kind;
    return await waitUntil(`the state ${kind}`, () => (isIt(this.flow.state) ? this.flow.state : null));
  }

  /** The code that the person is shown, once it is also kept. */
  async shownCode(): Promise<DeviceCode> {
    const { code } = await this.stateOf('waiting');
    await waitUntil('the flow to be kept', async () => (await this.stored()).includes('github-device-flow'));
    return code;
  }

  /** Lets time pass, and polls go out, until the state is this. */
  async pollUntil<K extends GithubSignInState['kind']>(kind: K): Promise<StateOf<K>> {
    await waitUntil(`the state ${kind}`, async () => {
      if (this.flow.state.kind === kind) return true;
      await this.bench.clock.advance(1_000);
      return false;
    });
    return await this.stateOf(kind);
  }

  async close(): Promise<void> {
    await this.flow.stop();
    await this.github.close();
    await Promise.all([this.bench.close(), this.#agent.destroy()]);
    await rm(this.dataDir, { recursive: true });
  }

  #make(
    env: Readonly<Record<string, string>>,
    onChanged: (apiUrl: string | null) => Promise<void>,
    beforeStored: (apiUrl: string) => Promise<void>,
  ) {
    const { clock, signIn } = this.bench;
    const { log, dataDir } = this;
    const redactor = createRedactor();
    const secrets = createEnvSecrets({ env, dataDir, redactor, platform: process.platform });
    const keeper = new TokenKeeper({ secrets, signIn, clock, log, redactor });
    const flow = new GithubSignInFlow({
      signIn,
      keeper,
      secrets,
      clock,
      log,
      githubWith: (apiUrl, token) =>
        createGithub({
          apiUrl,
          version: 'test',
          dispatcher: this.#agent,
          clock,
          log,
          redactor,
          secrets: {
            read: () => Promise.resolve(token),
            write: () => Promise.reject(new Error('nothing is written here')),
            isFixed: () => Promise.resolve(true),
            origin: () => Promise.resolve(null),
          },
        }),
      onChanged: (apiUrl) => {
        this.told.push(apiUrl);
        return onChanged(apiUrl);
      },
      beforeStored,
      onState: () => undefined,
    });
    return { flow, keeper };
  }
}
