/** @file One HTTP answer as the other files here read it. Knows no endpoint. */
import { z } from 'zod';
import { oneLine } from './texts.ts';

export interface Answer {
  /** Path and query that were asked. */
  readonly path: string;
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, unknown>>;
  /** Parsed JSON, or the text or bytes of anything else. */
  readonly data: unknown;
}

export interface Block {
  readonly reason: string;
  readonly noticeUrl: string | null;
}

const messageShape = z.object({ message: z.string() });
const limitedShape = z.object({ errors: z.array(z.unknown()) });
const limitShape = z.object({ type: z.literal('RATE_LIMITED') });
const blockShape = z.object({
  block: z.object({
    reason: z.string().catch('unknown'),
    html_url: z
      .url({ protocol: /^https?$/ })
      .nullable()
      .catch(null),
  }),
});

export function headerOf(answer: Answer, name: string): string | null {
  const value = answer.headers[name];
  return typeof value === 'string' ? value : null;
}

/** A header that is a whole number of 0 or more; null where it is absent or anything else. */
export function numberHeaderOf(answer: Answer, name: string): number | null {
  const value = headerOf(answer, name);
  return value !== null && /^\d{1,15}$/.test(value) ? Number(value) : null;
}

/** The `message` of GitHub's error bodies, as it came; null where the body is not one. */
export function messageOf(answer: Answer): string | null {
  const parsed = messageShape.safeParse(answer.data);
  return parsed.success ? parsed.data.message : null;
}

/** Whether GraphQL refuses for its hourly limit's sake, which it does with status 200. */
export function saysRateLimited(answer: Answer): boolean {
  const parsed = limitedShape.safeParse(answer.data);
  return parsed.success && parsed.data.errors.some((error) => limitShape.safeParse(error).success);
}

/** Why GitHub blocked a repository (403 for its terms, 451 for the law); null where the answer is no such notice. */
export function blockOf(answer: Answer): Block | null {
  if (answer.status !== 403 && answer.status !== 451) return null;
  const parsed = blockShape.safeParse(answer.data);
  if (parsed.success) {
    return { reason: oneLine(parsed.data.block.reason, 60), noticeUrl: parsed.data.block.html_url };
  }
  const saysBlocked = messageOf(answer)?.toLowerCase().startsWith('repository access blocked') ?? false;
  return saysBlocked ? { reason: answer.status === 451 ? 'legal' : 'unknown', noticeUrl: null } : null;
}
