/**
 * @file A stand-in for OneDev 16.5.6 on loopback: REST, git and LFS over HTTP with the server's mistakes, checked
 * against recordings of a real one. Shares no code with the engine; needs git on the PATH.
 *
 * ```ts
 * const onedev = await startOnedev({ dataDir });               // or { port, packSlots, uploadIdleLimitMs, admin, … }
 * onedev.url; onedev.adminToken;                               // Bearer, or password of Basic, for REST and git
 * const project = await onedev.ensureProject('github/ada/engine');   // parents too; repositoryDir(project) is its bare repo
 * const limited = onedev.addToken({ grants: [{ path: 'github', roleId: 1 }] });   // also { expireDate }; removeToken(value)
 * onedev.faults.add({ kind: 'git', path: /receive-pack/, times: 1, fault: { cutRequestAfterBytes: 1000 } });
 * onedev.log.count({ kind: 'rest', method: 'POST', path: '/~api/projects' });
 * await onedev.restart();                                      // all phases, a hundred times faster than measured
 * await onedev.enterPhase('missing');                          // or stay in one; back with enterPhase('ready')
 * onedev.slots.waiting;                                        // how many clients wait for the pack slot
 * await onedev.close();
 * ```
 * Accounts: `admin` with password `admin`. Roots made by two requests at once become two projects with one path.
 */
export type { Fault, FaultRule, Faults, RequestKind } from './faults.ts';
export { defaultRestart, type Phase, type PhaseStep } from './phases.ts';
export type { LogEntry, LogFilter, RequestLog } from './request-log.ts';
export { type Onedev, type OnedevOptions, startOnedev, type TokenWish } from './server.ts';
export type { Project } from './types.ts';
