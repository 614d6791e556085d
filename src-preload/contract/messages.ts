/** @file The envelopes that go over the wire, as JSON texts. Knows no call and no transport. */
import { z } from 'zod';
import { count } from './primitives.ts';
import { type ErrorView, errorView } from './views.ts';

/** Longest message that a server reads, in UTF-16 units. */
export const maxClientMessageChars = 262_144;

/** Why a call was refused or failed; a closed set. */
export const callErrorNames = [
  'malformed-message',
  'message-too-large',
  'unknown-call',
  'unknown-topic',
  'wrong-argument',
  'too-many-calls',
  'engine-failed',
  'internal',
  'disconnected',
  'timed-out',
  'wrong-answer',
] as const;
export type CallErrorName = (typeof callErrorNames)[number];

export const wireError = z.object({
  name: z.enum(callErrorNames),
  message: z.string().max(4_000),
  /** With `engine-failed`: what went wrong and what can be done. */
  error: errorView.nullable(),
});
export type WireError = z.output<typeof wireError>;

export const clientMessage = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('call'), id: count, call: z.string().max(100), argument: z.unknown() }),
  z.strictObject({ type: z.literal('listen'), id: count, topic: z.string().max(100) }),
  z.strictObject({ type: z.literal('unlisten'), topic: z.string().max(100) }),
]);
export type ClientMessage = z.output<typeof clientMessage>;

const result = z.discriminatedUnion('type', [
  z.object({ type: z.literal('success'), value: z.unknown() }),
  z.object({ type: z.literal('error'), error: wireError }),
]);

export const serverMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('result'), id: count, result }),
  /** A message that could not be understood far enough to have an id. */
  z.object({ type: z.literal('refused'), error: wireError }),
  z.object({ type: z.literal('update'), topic: z.string(), value: z.unknown() }),
  /** Says only that the other end lives. */
  z.object({ type: z.literal('beat') }),
]);
export type ServerMessage = z.output<typeof serverMessage>;

/** A call that did not succeed. `name` tells why; decide by it, never by the message. */
export class CallError extends Error {
  override readonly name: CallErrorName;
  readonly error: ErrorView | null;

  constructor(name: CallErrorName, message: string, error: ErrorView | null = null) {
    super(message);
    this.name = name;
    this.error = error;
  }
}

/** JSON or undefined; never throws. */
export function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
