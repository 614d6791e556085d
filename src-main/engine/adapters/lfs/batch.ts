/**
 * @file The batch request of the LFS protocol: asks a remote where objects are read from or sent to.
 *
 * @see https://github.com/git-lfs/git-lfs/blob/main/docs/api/batch.md
 */
import { z } from 'zod';
import { EpicstarError } from '../../domain/errors.ts';
import type { LfsPointer } from '../../domain/extras.ts';
import type { GitRemote } from '../../ports/git.ts';
import type { Redactor } from '../../ports/log.ts';
import { lfsBaseOf } from './address.ts';
import { type LfsHttp, readText } from './http.ts';
import { networkWords, plainWords } from './words.ts';

const mediaType = 'application/vnd.git-lfs+json';

/** Header names and values as HTTP allows them, so that none can be smuggled in by a line break. */
const headersSchema = z.record(
  z.string().regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/),
  z.string().regex(/^[^\r\n\0]{0,8000}$/),
);

/** What only the sender of a request can know. */
const ownHeaders = /^(?:host|content-length|transfer-encoding|connection|expect|upgrade)$/i;

const actionSchema = z.object({ href: z.string().max(8000), header: headersSchema.nullish() });

const answerSchema = z.object({
  transfer: z.string().nullish(),
  objects: z.array(
    z.object({
      oid: z.string(),
      authenticated: z.boolean().nullish(),
      actions: z
        .object({ download: actionSchema.nullish(), upload: actionSchema.nullish(), verify: actionSchema.nullish() })
        .nullish(),
      error: z.object({ code: z.number(), message: z.string().nullish() }).nullish(),
    }),
  ),
});

const messageSchema = z.object({ message: z.string() });

export interface Action {
  readonly href: string;
  readonly headers: Readonly<Record<string, string>>;
}

export type BatchItem =
  | { readonly kind: 'action'; readonly action: Action; readonly verify: Action | null }
  /** Nothing is to be done: it is there. */
  | { readonly kind: 'there' }
  | { readonly kind: 'error'; readonly status: number; readonly words: string };

/** The remote answered, and gives nothing: to nobody's question. */
export class BatchRefusal extends Error {
  override readonly name = 'BatchRefusal';
  readonly status: number;

  /** @param status 0: no answer at all */
  constructor(status: number, words: string) {
    super(words);
    this.status = status;
  }
}

export interface BatchParts {
  readonly http: LfsHttp;
  readonly redactor: Redactor;
}

function toAction(found: z.infer<typeof actionSchema>): Action {
  const headers = Object.entries(found.header ?? {}).filter(([name]) => !ownHeaders.test(name));
  return { href: found.href, headers: Object.fromEntries(headers) };
}

/**
 * At most 100 objects. What the answer leaves out counts as an error.
 *
 * @throws BatchRefusal
 * @throws EpicstarError `cancelled`
 */
export async function askBatch(
  { http, redactor }: BatchParts,
  remote: GitRemote,
  operation: 'download' | 'upload',
  pointers: readonly LfsPointer[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, BatchItem>> {
  const { host } = new URL(remote.url);
  const { status, text } = await exchange(http, remote, operation, pointers, signal);
  const value = text === null ? undefined : jsonOf(text);
  if (status !== 200) {
    const told = messageSchema.safeParse(value).data?.message ?? '';
    const words = plainWords(redactor.redact(told));
    throw new BatchRefusal(status, `${host} answers ${status}${words === '' ? '' : `: ${words}`}`);
  }
  const parsed = answerSchema.safeParse(value);
  const transfer = parsed.data?.transfer ?? 'basic';
  if (!parsed.success || transfer !== 'basic') {
    throw new BatchRefusal(status, `${host} answers with something that is not the LFS protocol`);
  }
  const items = new Map<string, BatchItem>();
  for (const { oid, actions, error } of parsed.data.objects) {
    const action = operation === 'download' ? actions?.download : actions?.upload;
    if (error !== null && error !== undefined) {
      items.set(oid, { kind: 'error', status: error.code, words: plainWords(redactor.redact(error.message ?? '')) });
    } else if (action !== null && action !== undefined) {
      const verify = actions?.verify;
      items.set(oid, { kind: 'action', action: toAction(action), verify: verify ? toAction(verify) : null });
    } else if (operation === 'upload') items.set(oid, { kind: 'there' });
  }
  return items;
}

async function exchange(
  http: LfsHttp,
  remote: GitRemote,
  operation: string,
  pointers: readonly LfsPointer[],
  signal: AbortSignal,
): Promise<{ readonly status: number; readonly text: string | null }> {
  try {
    const { status, body } = await http.send(
      {
        method: 'POST',
        url: `${lfsBaseOf(remote)}/objects/batch`,
        headers: {
          accept: mediaType,
          'content-type': mediaType,
          ...(remote.authorization === null ? {} : { authorization: remote.authorization }),
        },
        body: JSON.stringify({ operation, transfers: ['basic'], objects: pointers, hash_algo: 'sha256' }),
      },
      signal,
    );
    return { status, text: await readText(body) };
  } catch (error) {
    if (signal.aborted) throw new EpicstarError('cancelled', '', { cause: error });
    throw new BatchRefusal(0, networkWords(error, new URL(remote.url).host));
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Whoever answers with something else, such as a page of a proxy, is told apart by the schema.
    return undefined;
  }
}
