/** @file What octokit returns or throws, as one answer or one of our errors. Knows no endpoint. */
import { z } from 'zod';
import { EpicstarError } from '../../domain/errors.ts';
import type { Answer } from './answer.ts';
import { describeNetworkError } from './network-errors.ts';

const thrownShape = z.object({
  status: z.number(),
  response: z.object({ status: z.number(), headers: z.record(z.string(), z.unknown()), data: z.unknown() }).optional(),
});

/**
 * The answer to one request, whatever its status. Rejects with EpicstarError: our own that `send` met on its way, else
 * `github-unavailable` where no answer came and `github-unexpected` where it cannot be read. Causes hold nothing of the
 * request, which octokit would put into its errors with all that is secret in it.
 *
 * @param path what was asked, as it may be shown
 * @param host for a person
 */
export async function readAnswer(
  path: string,
  host: string,
  send: () => Promise<Omit<Answer, 'path'>>,
): Promise<Answer> {
  try {
    const { status, headers, data } = await send();
    return { path, status, headers, data };
  } catch (error) {
    if (error instanceof EpicstarError) throw error;
    const cause = error instanceof Error ? error.cause : error;
    if (cause instanceof EpicstarError) throw cause;
    const thrown = thrownShape.safeParse(error);
    if (thrown.success && thrown.data.response !== undefined) return { path, ...thrown.data.response };
    if (!thrown.success) {
      throw new EpicstarError('github-unexpected', `The answer for ${path} cannot be read.`, { cause: error });
    }
    throw new EpicstarError('github-unavailable', describeNetworkError(cause, host), { cause });
  }
}
