/**
 * @file A stand-in for GitHub on loopback: REST, device flow, git over HTTP; shares no code with the engine.
 *
 * ```ts
 * const github = await startGithub();                         // or { port, clock, user, rateLimits, deviceFlow, control }
 * const token = github.addToken();                            // scopes repo, read:user; addToken([]) reads public data only
 * const id = github.world.addRepository({ fullName: 'ada/engine', bareDir });   // bareDir may be left out or be shared
 * github.world.lists.make('later', [id]);                    // GitHub Lists, over GraphQL: put, takeOff, drop
 * github.world.star(id);                                      // unstar, rename, transfer, remove, hide, block, touch, pushed, reuseName
 * const fault = github.faults.add({ path: '/user/starred', kind: 'status', status: 502, times: 1 });
 * github.log.count({ kind: 'rest', path: '/user/starred' });  // paths are without /api/v3
 * github.deviceFlow.approve(github.deviceFlow.pending()[0].userCode);
 * const hook = github.webhooks.add(id, { url, secret });      // json, all events; or POST /repos/{owner}/{repo}/hooks
 * github.webhooks.trigger(id, { name: 'release', action: 'published' });   // what the world does is told by itself
 * const { oid, size } = github.lfs.put('ada/engine', bytes);   // putLarge; fail(oid, fault); refusal = { status: 403, message }
 * await github.webhooks.settled();                            // then deliveries(hook), redeliver(hook, delivery.id)
 * await github.close();
 * ```
 * Client ids: those beginning with `Ov` (or 20 hex digits) are OAuth apps, with `Iv` GitHub Apps, others are unknown.
 * Private repositories need the scope `repo`; git takes the token as the password of Basic (`x-access-token:TOKEN`).
 * Generated bare repositories to serve: `../repositories/index.ts`.
 */
export { type PlaygroundClock, systemClock } from './clock.ts';
export {
  type DeviceFlow,
  type DeviceFlowSettings,
  GITHUB_APP_CLIENT_ID,
  OAUTH_APP_CLIENT_ID,
  type PendingSignIn,
} from './device-flow.ts';
export type { Fault, FaultEffect, FaultHandle, Faults, FaultTarget, RequestView } from './faults.ts';
export type { GithubLfs, LfsFault, LfsFile } from './lfs.ts';
export type { RateLimiter, RateLimits } from './rate-limit.ts';
export type { LogEntry, LogFilter, RequestLog } from './request-log.ts';
export { type Github, type GithubOptions, startGithub } from './server.ts';
export type { TokenKind, TokenSpec, TokenStore } from './tokens.ts';
export type { Delivery, Hook, HookEvent, HookEventName, HookSpec } from './webhook-types.ts';
export type { Webhooks } from './webhooks.ts';
export type { World } from './world.ts';
export type { UserList, WorldLists } from './world-lists.ts';
export type { WorldEvent } from './world-events.ts';
export type { BlockReason, Repository, RepositorySpec, Star, User, UserSpec } from './world-types.ts';
