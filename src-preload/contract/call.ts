/** @file How a call is described in the table of calls. */
import type { z } from 'zod';
import { argument } from './primitives.ts';

export const secondMs = 1_000;
export const minuteMs = 60 * secondMs;

export interface CallSpec<A, R> {
  readonly argument: z.ZodType<A>;
  readonly answer: z.ZodType<R>;
  /** After this long the client gives up waiting; the work itself goes on. */
  readonly timeoutMs: number;
}

export function call<A extends z.ZodType, R extends z.ZodType>(
  argumentParser: A,
  answer: R,
  timeoutMs = 30 * secondMs,
) {
  return { argument: argumentParser, answer, timeoutMs };
}

export const nothing = argument({});
