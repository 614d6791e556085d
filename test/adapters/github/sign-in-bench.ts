/** @file What a sign-in is given in these tests: a clock moved by hand that the stand-in shares, and what it told. */
import { inspect } from 'node:util';
import { Agent } from 'undici';
import { createGithubSignIn } from '../../../src-main/engine/adapters/github/device-flow.ts';
import { createRedactor } from '../../../src-main/engine/adapters/system/redactor.ts';
import type { Log } from '../../../src-main/engine/ports/log.ts';
import type {
  DeviceFlowEnd,
  DeviceFlowRequest,
  GithubGrant,
  GithubSignIn,
  PendingDeviceFlow,
} from '../../../src-main/engine/ports/sign-in.ts';
import { OAUTH_APP_CLIENT_ID } from '../../playground/github/index.ts';
import { ManualClock, settle } from '../../support/manual-clock.ts';
import { waitUntil } from '../../support/wait.ts';
import { never } from './surroundings.ts';

/** A flow that was started: what it told so far, and its end. */
export interface StartedFlow {
  readonly codes: readonly PendingDeviceFlow[];
  readonly end: Promise<DeviceFlowEnd>;
  /** The code, as soon as it is told. */
  code(): Promise<PendingDeviceFlow>;
}

export interface SignInBench {
  readonly signIn: GithubSignIn;
  readonly clock: ManualClock;
  readonly secretsAdded: readonly string[];
  readonly logLines: readonly string[];
  /** Begins a flow at an address. */
  start(apiUrl: string, change?: Partial<DeviceFlowRequest>): StartedFlow;
  refresh(apiUrl: string, clientId: string, refreshToken: string, signal?: AbortSignal): Promise<GithubGrant>;
  /** Resolves once so many requests in all were answered, and what follows from the last has begun. */
  answered(count: number): Promise<void>;
  close(): Promise<void>;
}

export function openSignInBench(
  options: { readonly agent?: Agent.Options; readonly allowInsecureHosts?: readonly string[] } = {},
): SignInBench {
  const agent = new Agent(options.agent ?? {});
  const clock = new ManualClock();
  const redactor = createRedactor();
  const secretsAdded: string[] = [];
  const logLines: string[] = [];
  const write = (message: string, fields?: unknown): void => {
    logLines.push(inspect([message, fields], { depth: 10 }));
  };
  const log: Log = { debug: write, info: write, warn: write, error: write, child: () => log };
  const signIn = createGithubSignIn({
    dispatcher: agent,
    clock,
    log,
    redactor: {
      add: (secret) => {
        secretsAdded.push(secret);
        redactor.add(secret);
      },
      redact: (text) => redactor.redact(text),
    },
    version: '1.2.3',
    allowInsecureHosts: options.allowInsecureHosts ?? [],
  });
  return {
    signIn,
    clock,
    secretsAdded,
    logLines,
    start: (apiUrl, change = {}) => {
      const codes: PendingDeviceFlow[] = [];
      const end = signIn.runDeviceFlow({
        apiUrl,
        clientId: OAUTH_APP_CLIENT_ID,
        scopes: ['repo'],
        resume: null,
        signal: never(),
        onCode: (pending) => codes.push(pending),
        ...change,
      });
      // Awaited by each test; until then it may reject.
      end.catch(() => undefined);
      return { codes, end, code: async () => await waitUntil('a code', () => codes[0]) };
    },
    refresh: async (apiUrl, clientId, refreshToken, signal = never()) =>
      await signIn.refresh({ apiUrl, clientId, refreshToken, signal }),
    answered: async (count) => {
      await waitUntil(`${count} answers`, () => logLines.length >= count);
      await settle();
    },
    close: async () => await agent.destroy(),
  };
}
