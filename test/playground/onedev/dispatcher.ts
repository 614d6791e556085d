/** @file Takes every request of the OneDev stand-in: limits, faults, the phase of a restart, then the right endpoint. */
import { accountRoutes } from './account-resource.ts';
import { type Answer, badMessage, bareServer404, empty, interfacePage404, text } from './answers.ts';
import { authenticate } from './auth.ts';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { Exchange } from './exchange.ts';
import type { Faults, RequestKind } from './faults.ts';
import { GitEndpoint, isGitPath } from './git-endpoint.ts';
import { isLfsPath, LfsEndpoint, lfsFailure } from './lfs-endpoint.ts';
import type { PackSlots } from './pack-slots.ts';
import type { Phase } from './phases.ts';
import { projectRoutes } from './project-resource.ts';
import type { Repositories } from './repositories.ts';
import { repositoryRoutes } from './repository-resource.ts';
import type { RequestLog } from './request-log.ts';
import { handleRest } from './rest.ts';
import { roleRoutes } from './role-resource.ts';
import type { Authentication } from './types.ts';
import type { World } from './world.ts';

export interface DispatcherParts {
  readonly world: World;
  readonly repositories: Repositories;
  readonly slots: PackSlots;
  readonly faults: Faults;
  readonly log: RequestLog;
  readonly uploadIdleLimitMs: number;
  readonly rootInsertDelayMs: number;
  /** How much slower REST is in the phase `not-ready`. */
  readonly slowRestMs: number;
}

/** Jetty's limit, for the request line and for the headers. */
const maxHeadBytes = 16_384;
const routes = [...accountRoutes, ...roleRoutes, ...projectRoutes, ...repositoryRoutes];

export class Dispatcher {
  phase: Phase = 'ready';
  readonly #parts: DispatcherParts;
  readonly #git: GitEndpoint;
  readonly #lfs: LfsEndpoint;

  constructor(parts: DispatcherParts) {
    this.#parts = parts;
    this.#git = new GitEndpoint(parts);
    this.#lfs = new LfsEndpoint(parts);
  }

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const startedAt = Date.now();
    const { world, faults, log } = this.#parts;
    const kind = kindOf((request.url ?? '/').replace(/\?.*$/, ''));
    const exchange = new Exchange(
      request,
      response,
      faults.take(request.method ?? 'GET', request.url ?? '/', kind) ?? {},
    );
    const authentication = authenticate(world, request.headers);
    try {
      if (!(await this.#refuse(exchange)) && !(await exchange.applyEarlyFault())) {
        await this.#route(exchange, kind, authentication);
      }
    } catch (error) {
      if (!exchange.signal.aborted && !response.destroyed) {
        await exchange.send(text(500, `stand-in failed: ${String(error)}`));
      }
    }
    log.add({
      at: startedAt,
      method: exchange.method,
      path: request.url ?? '/',
      status: exchange.status,
      kind,
      auth: nameOf(authentication),
      durationMs: Date.now() - startedAt,
      bytesIn: exchange.bytesIn,
    });
  }

  async #refuse(exchange: Exchange): Promise<boolean> {
    const headers = exchange.request.rawHeaders.reduce((sum, part) => sum + part.length + 2, 0);
    if ((exchange.request.url ?? '').length > maxHeadBytes) {
      await exchange.send(badMessage(414, 'URI Too Long'));
      return true;
    }
    if (headers > maxHeadBytes) {
      await exchange.send(badMessage(431, 'Request Header Fields Too Large'));
      return true;
    }
    return false;
  }

  async #route(exchange: Exchange, kind: RequestKind, authentication: Authentication): Promise<void> {
    const answer = kind === 'probe' ? this.#probe(exchange.path) : this.#answerOfPhase(exchange, kind);
    if (answer !== undefined) {
      await exchange.send(answer);
      return;
    }
    switch (kind) {
      case 'rest':
        await delay(this.phase === 'not-ready' ? this.#parts.slowRestMs : 0);
        await handleRest({ ...this.#parts, routes }, exchange, authentication);
        return;
      case 'git':
        await this.#git.handle(exchange, authentication);
        return;
      case 'lfs':
        await this.#lfs.handle(exchange, authentication);
        return;
      case 'probe':
      case 'page':
        await exchange.send(interfacePage404());
    }
  }

  #probe(path: string): Answer {
    const type = { 'content-type': 'text/plain;charset=utf-8' };
    return path === '/healthz' || this.phase === 'ready' ? text(200, 'ok\n', type) : text(503, 'not ready\n', type);
  }

  #answerOfPhase(exchange: Exchange, kind: RequestKind): Answer | undefined {
    if (this.phase === 'missing') {
      return kind === 'lfs' ? empty(404) : bareServer404(exchange.path, exchange.request.headers.accept);
    }
    if (this.phase === 'not-ready' && kind === 'git') {
      return text(503, 'Server not ready');
    }
    return this.phase === 'not-ready' && kind === 'lfs' ? lfsFailure() : undefined;
  }
}

function kindOf(path: string): RequestKind {
  if (path === '/healthz' || path === '/readyz') {
    return 'probe';
  }
  if (path.startsWith('/~api/')) {
    return 'rest';
  }
  if (isLfsPath(path)) {
    return 'lfs';
  }
  return isGitPath(path) ? 'git' : 'page';
}

function nameOf(authentication: Authentication): string {
  if (authentication.kind !== 'known') {
    return authentication.kind === 'anonymous' ? 'none' : 'invalid';
  }
  const { principal, tokenName } = authentication;
  return tokenName === null && principal.kind === 'user' ? `user ${principal.user.name}` : `token ${tokenName}`;
}
