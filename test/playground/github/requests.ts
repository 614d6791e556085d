/** @file Sorts incoming requests into git, device flow, control, GraphQL and REST, applies faults, answers, and logs. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  createGitHttpHandler,
  delayWhileConnected,
  type GitHttpDecision,
  type ShapedResult,
  waitUntilDisconnected,
} from '../git-http/index.ts';
import { type Answer, errorAnswer } from './answer.ts';
import type { PlaygroundClock } from './clock.ts';
import { type Controlled, controlAnswer } from './control.ts';
import { bentQuery, replacingAnswer, spoiledAnswer } from './fault-answers.ts';
import { type Fault, faultOf, type RequestView } from './faults.ts';
import { type Credentials, decideGitAccess, type EmptyRepository, gitFaults, isGitPath } from './git-access.ts';
import { graphqlAnswer } from './graphql.ts';
import type { GithubLfs } from './lfs.ts';
import { oauthAnswer } from './oauth.ts';
import type { RateLimiter } from './rate-limit.ts';
import type { LogEntry } from './request-log.ts';
import { restAnswer } from './rest.ts';
import { framedAnswer } from './rest-frame.ts';
import { sendAnswer } from './send-answer.ts';
import { tokenFromHeader, type TokenStore } from './tokens.ts';
import { hooksAnswer } from './webhook-rest.ts';
import type { Webhooks } from './webhooks.ts';

export interface Backstage extends Controlled {
  readonly tokens: TokenStore;
  readonly rates: RateLimiter;
  readonly graphqlRates: RateLimiter;
  readonly webhooks: Webhooks;
  readonly lfs: GithubLfs;
  readonly clock: PlaygroundClock;
  readonly empty: EmptyRepository;
  readonly allowControl: boolean;
  /** Address of the running server, no slash at the end. */
  readonly webBase: () => string;
}

const API_PREFIX = '/api/v3';
/** Below the web address, as on a GitHub Enterprise Server, and as on github.com. */
const GRAPHQL_PATHS = ['/api/graphql', '/graphql'];
const MAX_BODY_BYTES = 1024 * 1024;
const LFS_BATCH_PATH = /^\/([^/]+\/[^/]+)\.git\/info\/lfs\/objects\/batch$/;

interface Incoming {
  readonly view: RequestView;
  readonly url: URL;
  readonly pathAndQuery: string;
  readonly apiBase: string;
  readonly credentials: Credentials;
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) throw new Error('request body too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function kindOf(pathname: string): RequestView['kind'] {
  if (GRAPHQL_PATHS.includes(pathname)) return 'graphql';
  if (isGitPath(pathname)) return 'git';
  if (LFS_BATCH_PATH.test(pathname)) return 'lfs';
  return pathname.startsWith('/login/') ? 'oauth' : 'rest';
}

function understand(backstage: Backstage, request: IncomingMessage): Incoming {
  const webBase = backstage.webBase();
  const pathAndQuery = request.url ?? '/';
  const url = new URL(pathAndQuery, webBase);
  const isBelowPrefix = url.pathname.startsWith(`${API_PREFIX}/`);
  const kind = kindOf(url.pathname);
  const token = tokenFromHeader(request.headers.authorization);
  const record = token === null ? null : backstage.tokens.find(token);
  return {
    url,
    pathAndQuery,
    apiBase: isBelowPrefix ? webBase + API_PREFIX : webBase,
    credentials: record ?? (request.headers.authorization === undefined ? 'none' : 'bad'),
    view: {
      kind,
      method: request.method ?? 'GET',
      path: kind === 'graphql' ? '/graphql' : isBelowPrefix ? url.pathname.slice(API_PREFIX.length) : url.pathname,
      query: url.searchParams,
      headers: request.headers,
    },
  };
}

function restFor(backstage: Backstage, incoming: Incoming, faults: readonly Fault[], body: string): Answer {
  const { view, credentials, apiBase, url } = incoming;
  const token = typeof credentials === 'string' ? null : credentials;
  const replaced = replacingAnswer(faults, incoming.pathAndQuery, backstage.clock.now());
  return framedAnswer(
    { headers: view.headers, path: view.path, token, hasBadToken: credentials === 'bad' },
    backstage.rates,
    (rate) => {
      if (replaced !== null) return replaced;
      const question = {
        method: view.method,
        path: view.path,
        query: bentQuery(faults, view.query),
        accept: view.headers['accept']?.toString() ?? '',
        token,
        at: { apiBase, webBase: backstage.webBase() },
        rate,
        body,
      };
      return hooksAnswer(backstage.webhooks, backstage.world, question) ?? restAnswer(backstage.world, question);
    },
    (answer) => (replaced === null ? spoiledAnswer(faults, answer, url) : answer),
  );
}

function graphqlFor(backstage: Backstage, incoming: Incoming, faults: readonly Fault[], body: string): Answer {
  const { view, credentials, pathAndQuery, url } = incoming;
  const replaced = replacingAnswer(faults, pathAndQuery, backstage.clock.now());
  const token = typeof credentials === 'string' ? null : credentials;
  const question = { method: view.method, token, hasBadToken: credentials === 'bad', body };
  const answer = graphqlAnswer(backstage.world, backstage.graphqlRates, question, replaced);
  return replaced === null ? spoiledAnswer(faults, answer, url) : answer;
}

/** Whoever may fetch may ask for the files. */
function lfsFor(backstage: Backstage, incoming: Incoming, faults: readonly Fault[], body: string): Answer {
  const { view, credentials, pathAndQuery } = incoming;
  const replaced = replacingAnswer(faults, pathAndQuery, backstage.clock.now());
  if (replaced !== null) return replaced;
  const fullName = LFS_BATCH_PATH.exec(view.path)?.[1] ?? '';
  const path = `/${fullName}.git/info/refs`;
  const decision = decideGitAccess(backstage.world, path, credentials, backstage.webBase(), backstage.empty);
  if (!('status' in decision)) return backstage.lfs.batch(fullName, body);
  if (decision.status === 401) {
    return errorAnswer(401, 'Credentials needed', { 'lfs-authenticate': 'Basic realm="GitHub"' });
  }
  return errorAnswer(decision.status, decision.status === 404 ? 'Not Found' : 'Moved or blocked');
}

async function answerFor(
  backstage: Backstage,
  incoming: Incoming,
  request: IncomingMessage,
  faults: readonly Fault[],
): Promise<Answer> {
  const { view } = incoming;
  const contentType = request.headers['content-type'] ?? '';
  if (backstage.allowControl && view.path.startsWith('/_playground/')) {
    return controlAnswer(backstage, view.method, view.path, contentType, await readBody(request));
  }
  const body = await readBody(request);
  if (view.kind === 'rest') return restFor(backstage, incoming, faults, body);
  if (view.kind === 'lfs') return lfsFor(backstage, incoming, faults, body);
  if (view.kind === 'graphql') return graphqlFor(backstage, incoming, faults, body);
  const replaced = replacingAnswer(faults, incoming.pathAndQuery, backstage.clock.now());
  if (replaced !== null) return replaced;
  const accept = request.headers.accept ?? '';
  const webBase = backstage.webBase();
  const { method, path, query } = view;
  const answer = oauthAnswer(backstage.deviceFlow, { method, path, query, accept, contentType, body, webBase });
  return answer === null ? errorAnswer(404, 'Not Found') : spoiledAnswer(faults, answer, incoming.url);
}

/** Runs the faults that come before any answer. @returns whether the client is still there */
async function strikeFirst(faults: readonly Fault[], view: RequestView, response: ServerResponse): Promise<boolean> {
  for (const fault of faults) if (fault.kind === 'run') fault.run(view);
  if (faultOf(faults, 'stall') !== undefined) await waitUntilDisconnected(response);
  const delay = faultOf(faults, 'delay');
  if (delay !== undefined) return await delayWhileConnected(response, delay.delayMs);
  return !response.destroyed;
}

/** The request handler of the whole stand-in. It never rejects: what goes wrong inside becomes a 500. */
export function createRequestHandler(
  backstage: Backstage,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const addToLog = (incoming: Incoming, entry: Pick<LogEntry, 'status' | 'bytesOut' | 'complete'>): void => {
    const { view, url } = incoming;
    backstage.log.add({
      at: backstage.clock.now(),
      kind: view.path.startsWith('/_playground/') ? 'control' : view.kind,
      method: view.method,
      path: view.path,
      query: url.search.slice(1),
      auth: view.headers['authorization'] === undefined ? 'none' : 'token',
      conditional: view.headers['if-none-match'] !== undefined,
      ...entry,
    });
  };

  const serveGit = async (incoming: Incoming, request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const faults = backstage.faults.take(incoming.view);
    if (!(await strikeFirst(faults, incoming.view, response))) {
      addToLog(incoming, { status: 0, bytesOut: 0, complete: false });
      return;
    }
    const { pathAndQuery, credentials } = incoming;
    const resolve = (): GitHttpDecision => {
      const decision = decideGitAccess(
        backstage.world,
        pathAndQuery,
        credentials,
        backstage.webBase(),
        backstage.empty,
      );
      if (faults.length === 0) return decision;
      const git = gitFaults(faults, pathAndQuery, backstage.clock.now());
      return 'status' in decision ? (git.answer ?? decision) : { ...decision, faults: git };
    };
    const handle = createGitHttpHandler({
      resolve,
      onRequest: ({ status, bytesOut, complete }) => addToLog(incoming, { status, bytesOut, complete }),
    });
    await handle(request, response);
  };

  const serveJson = async (incoming: Incoming, request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const isControl = backstage.allowControl && incoming.view.path.startsWith('/_playground/');
    const faults = isControl ? [] : backstage.faults.take(incoming.view);
    let result: ShapedResult = { bytes: 0, complete: false };
    if (await strikeFirst(faults, incoming.view, response)) {
      const answer = await answerFor(backstage, incoming, request, faults).catch((error: unknown) =>
        errorAnswer(500, String(error)),
      );
      response.setHeader('date', new Date(backstage.clock.now()).toUTCString());
      result = await sendAnswer(response, answer, faults);
    }
    const status = response.headersSent ? response.statusCode : 0;
    addToLog(incoming, { status, bytesOut: result.bytes, complete: result.complete });
  };

  return async (request, response) => {
    response.setHeader('server', 'GitHub.com');
    const incoming = understand(backstage, request);
    await (incoming.view.kind === 'git' ? serveGit : serveJson)(incoming, request, response);
  };
}
