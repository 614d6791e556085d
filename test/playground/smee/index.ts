/**
 * @file A stand-in for the smee service on loopback, with its limits and its forgetfulness; shares no code with the engine.
 *
 * ```ts
 * const smee = await startSmee();                              // or { port, pingIntervalMs, blockedChannels, clock }
 * const channel = smee.channelUrl();                           // any id of 1 to 100 letters, digits, - and _ is alive
 * await smee.waitForListeners(channel);                        // whoever sent GET with Accept: text/event-stream
 * await fetch(channel, { method: 'POST', headers, body });     // 200 and empty, heard or not; nothing is stored
 * smee.faults.add({ kind: 'status', status: 502, on: 'subscribe', times: 3 });   // cut, stall, delay, half-open
 * smee.silence(channel);                                       // half-open from now on; cut(), end(), write(channel, text)
 * smee.log.count({ kind: 'subscribe', status: 200 });          // kinds: new, subscribe, page, deliver, other
 * await smee.restart();                                        // the same port
 * await smee.close();
 * ```
 * The service's pattern allows ids of 128 characters, but the router before it refuses those over 100.
 */
export type { Fault, FaultEffect, FaultHandle, Faults, FaultTarget } from './faults.ts';
export type { LogEntry, LogFilter, RequestKind, RequestLog } from './request-log.ts';
export { type Smee, type SmeeOptions, startSmee } from './server.ts';
