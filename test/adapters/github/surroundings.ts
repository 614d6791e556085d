/** @file What the adapter is given in these tests: a clock moved by hand, a token, a redactor, a log that is kept. */
import { inspect } from 'node:util';
import { Agent } from 'undici';
import { createGithub, type GithubOptions } from '../../../src-main/engine/adapters/github/github.ts';
import { EpicstarError } from '../../../src-main/engine/domain/errors.ts';
import type { Clock } from '../../../src-main/engine/ports/clock.ts';
import type { Github } from '../../../src-main/engine/ports/github.ts';
import type { Log } from '../../../src-main/engine/ports/log.ts';

export const token = 'gho_0123456789abcdefghijABCDEFGHIJ012345';

export class HandClock implements Clock {
  #now = Date.parse('2026-05-01T12:00:00Z');
  readonly #timers = new Set<{ readonly at: number; readonly fire: () => void }>();

  now(): number {
    return this.#now;
  }

  monotonicMs(): number {
    return this.#now;
  }

  setTimer(delayMs: number, fire: () => void): () => void {
    const timer = { at: this.#now + delayMs, fire };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  pendingTimers(): number {
    return this.#timers.size;
  }

  advance(byMs: number): void {
    this.#now += byMs;
    for (const timer of this.#timers) {
      if (timer.at > this.#now) continue;
      this.#timers.delete(timer);
      timer.fire();
    }
  }
}

export interface Surroundings {
  readonly github: Github;
  readonly clock: HandClock;
  readonly secretsAdded: readonly string[];
  readonly logLines: readonly string[];
  setToken(value: string | null): void;
  close(): Promise<void>;
}

export function surround(
  apiUrl: string,
  options: Partial<GithubOptions> & { agent?: Agent.Options } = {},
): Surroundings {
  const { agent: agentOptions, ...rest } = options;
  const agent = new Agent(agentOptions ?? {});
  const clock = new HandClock();
  const secretsAdded: string[] = [];
  const logLines: string[] = [];
  let current: string | null = token;
  const write = (message: string, fields?: unknown): void => {
    logLines.push(inspect([message, fields], { depth: 10 }));
  };
  const log: Log = { debug: write, info: write, warn: write, error: write, child: () => log };
  const github = createGithub({
    apiUrl,
    version: '1.2.3',
    dispatcher: agent,
    clock,
    log,
    secrets: {
      read: async () => current,
      write: async (_name, value) => {
        current = value;
      },
      isFixed: () => Promise.resolve(false),
      origin: async () => null,
    },
    redactor: {
      add: (secret) => secretsAdded.push(secret),
      redact: (text) => text.replaceAll(token, '[redacted]'),
    },
    ...rest,
  });
  return {
    github,
    clock,
    secretsAdded,
    logLines,
    setToken: (value) => {
      current = value;
    },
    close: async () => await agent.destroy(),
  };
}

/** A signal that never aborts. */
export function never(): AbortSignal {
  return new AbortController().signal;
}

/** The EpicstarError that a promise rejects with; fails for everything else. */
export async function errorOf(promise: Promise<unknown>): Promise<EpicstarError> {
  const outcome = await promise.then(
    (value) => new Error(`resolved with ${inspect(value)}`),
    (error: unknown) => error,
  );
  if (outcome instanceof EpicstarError) return outcome;
  throw new Error('no EpicstarError', { cause: outcome });
}

/** All that a log or a window could show of an error. */
export function allOf(error: EpicstarError): string {
  return inspect([error, error.toRecord(), error.stack], { depth: 20, showHidden: true, getters: true });
}

export function repositoryJson(changes: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    id: 41,
    node_id: 'R_kgDOABC',
    full_name: 'ada/engine',
    description: 'Analytical',
    default_branch: 'main',
    size: 12,
    private: false,
    fork: false,
    archived: true,
    disabled: false,
    has_wiki: true,
    pushed_at: '2026-04-01T10:00:00Z',
    language: 'Ada',
    license: { key: 'mit', spdx_id: 'MIT' },
    topics: ['math'],
    homepage: '',
    html_url: 'https://github.com/ada/engine',
    stargazers_count: 5,
    ...changes,
  };
}

export function starJson(changes: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return { starred_at: '2026-04-30T08:00:00Z', repo: repositoryJson(changes) };
}
