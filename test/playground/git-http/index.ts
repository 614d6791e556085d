/**
 * @file Git over HTTP for the stand-ins: bare repositories served by `git http-backend`; must not know any forge.
 *
 * ```ts
 * const handle = createGitHttpHandler({
 *   resolve: (pathname, request) => ({ repoDir: '/data/a.git', allowPush: true }),  // or { status: 404, body: '…' }
 *   onRequest: (record) => records.push(record),
 * });
 * createServer((request, response) => void handle(request, response)).listen(0, '127.0.0.1');
 * ```
 * Rules of a server (refused refs and the like) belong in hooks of the bare repository; `env` of the grant reaches them.
 */
export { createGitHttpHandler, sendRefusal } from './handler.ts';
export {
  delayWhileConnected,
  type Shape,
  type ShapedResult,
  waitUntilDisconnected,
  writeShaped,
} from './shaped-writer.ts';
export type {
  GitHttpDecision,
  GitHttpFaults,
  GitHttpGrant,
  GitHttpOptions,
  GitHttpRecord,
  GitHttpRefusal,
} from './types.ts';
