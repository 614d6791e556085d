/**
 * @file The person's GitHub Lists, which GitHub offers by GraphQL alone: pages of lists, pages of what is on each, and
 * what an answer without them means. How questions travel is the transport's matter.
 * Source: GitHub's public GraphQL schema (`User.lists`, `UserList`, `UserListItems`).
 */
import { z } from 'zod';
import { EpicstarError } from '../../domain/errors.ts';
import type { GithubId } from '../../domain/repository.ts';
import type { Log } from '../../ports/log.ts';
import type { StarList } from '../../ports/github.ts';
import type { Answer } from './answer.ts';
import { messageOf } from './answer.ts';
import { failureOf, type Redact, unexpectedContent } from './failures.ts';
import { oneLine } from './texts.ts';
import type { GraphqlAsk } from './transport.ts';

const mostLists = 100;
const mostItems = 10_000;
const longestNameChars = 200;
const unseen = /[\p{Cc}\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]+/gu;

const itemFields = 'pageInfo { hasNextPage endCursor } nodes { ... on Repository { databaseId } }';
const listsQuery = `query ($after: String) { viewer { lists(first: 100, after: $after) { \
pageInfo { hasNextPage endCursor } nodes { id name items(first: 100) { ${itemFields} } } } } }`;
const itemsQuery = `query ($list: ID!, $after: String) { node(id: $list) { \
... on UserList { items(first: 100, after: $after) { ${itemFields} } } } }`;

const pageInfo = z.object({ hasNextPage: z.boolean(), endCursor: z.string().max(1000).nullable().default(null) });

const items = z.object({
  pageInfo,
  nodes: z
    .array(z.object({ databaseId: z.int().positive().nullable().optional() }).nullable())
    .max(100)
    .nullable()
    .transform((nodes) => (nodes ?? []).flatMap((node) => node?.databaseId ?? [])),
});

const list = z.object({
  id: z.string().min(1).max(500),
  // As it is shown, so that a rule made from what is seen names it.
  name: z.string().transform((name) =>
    Array.from(
      name
        .slice(0, 2 * longestNameChars)
        .replace(unseen, ' ')
        .trim(),
    )
      .slice(0, longestNameChars)
      .join(''),
  ),
  /** Null where nothing on the list can be read. */
  items: items.nullable().default(null),
});

const listsPage = z
  .object({
    viewer: z.object({
      lists: z.object({ pageInfo, nodes: z.array(list.nullable()).max(100).nullable() }).nullable(),
    }),
  })
  .transform(({ viewer: { lists } }) => lists);

/** Null: the list was removed between two pages. */
const itemsPage = z
  .object({ node: z.object({ items: items.nullable().default(null) }).nullable() })
  .transform(({ node }) => node?.items ?? null);

const replyShape = z.object({
  data: z.unknown().optional(),
  errors: z
    .array(
      z.object({
        message: z.string().catch(''),
        type: z.string().optional().catch(undefined),
        extensions: z.object({ code: z.string() }).optional().catch(undefined),
      }),
    )
    .default([]),
});

type GraphqlError = z.output<typeof replyShape>['errors'][number];
type List = z.output<typeof list>;
type Items = z.output<typeof items>;

export interface UserListsParts {
  /** Asks in turn; rejects with an EpicstarError of a `github-*` code, or `cancelled`. */
  readonly ask: <T>(ask: GraphqlAsk<T>) => Promise<T>;
  readonly redact: Redact;
  readonly log: Log;
}

/**
 * All of the person's Lists, in GitHub's order, the ids on each ascending; at most 100 lists and 10 000 items. Null
 * where the token may not read them or this GitHub has none.
 */
export async function readUserLists(parts: UserListsParts): Promise<readonly StarList[] | null> {
  const found: StarList[] = [];
  let itemsLeft = mostItems;
  let after: string | null = null;
  do {
    const page: z.output<typeof listsPage> = await askFor(parts, listsQuery, { after }, listsPage);
    // Refused later than on the first page, as by a token that was replaced: half of the lists are none.
    if (page === null) return null;
    for (const each of page.nodes ?? []) {
      if (each === null || found.length >= mostLists) continue;
      const githubIds = await readItems(parts, each, itemsLeft);
      itemsLeft -= githubIds.length;
      found.push({ name: each.name, githubIds });
    }
    after = nextCursor(page.pageInfo, after);
  } while (after !== null && found.length < mostLists && itemsLeft > 0);
  if (after !== null || itemsLeft <= 0) {
    parts.log.warn('not all GitHub Lists are read', { lists: found.length, items: mostItems - itemsLeft });
  }
  return found;
}

async function readItems(parts: UserListsParts, of: List, most: number): Promise<readonly GithubId[]> {
  const ids = new Set<GithubId>();
  let page: Items | null = of.items;
  let after: string | null = null;
  while (page !== null) {
    for (const id of page.nodes) if (ids.size < most) ids.add(id);
    after = nextCursor(page.pageInfo, after);
    if (after === null || ids.size >= most) break;
    page = await askFor(parts, itemsQuery, { list: of.id, after }, itemsPage);
  }
  // Always in the same order, so that what did not change can be seen by comparing.
  return [...ids].toSorted((a, b) => a - b);
}

/** Null on the last page, and where a page leads to itself. */
function nextCursor({ hasNextPage, endCursor }: z.output<typeof pageInfo>, before: string | null): string | null {
  return hasNextPage && endCursor !== before ? endCursor : null;
}

async function askFor<T>(
  { ask, redact }: UserListsParts,
  query: string,
  variables: Readonly<Record<string, string | null>>,
  shape: z.ZodType<T>,
): Promise<T | null> {
  return await ask({ query, variables, read: (answer) => readReply(answer, shape, redact) });
}

/** Null where the answer says that this may not be read, or that there is no such thing here. */
function readReply<T>(answer: Answer, shape: z.ZodType<T>, redact: Redact): T | null {
  // A GitHub Enterprise Server may have no GraphQL at all. Any other 403 is of something on the way there.
  if (answer.status === 404 || (answer.status === 403 && messageOf(answer) !== null)) return null;
  if (answer.status !== 200) throw failureOf(answer, null, redact);
  const reply = replyShape.safeParse(answer.data);
  if (!reply.success) throw unexpectedContent(answer, 'an answer to a GraphQL query', null);
  const { data, errors } = reply.data;
  const failed = errors.find((error) => !isRefusal(error));
  if (failed !== undefined) throw failureOfQuery(failed, redact);
  const parsed = shape.safeParse(data);
  if (parsed.success) return parsed.data;
  if (errors.length > 0) return null;
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw unexpectedContent(answer, 'GitHub Lists', oneLine(problems.join('; ')));
}

/** Whether a part, or all, may not be read, or is not in the schema of this GitHub. */
function isRefusal({ type, message, extensions }: GraphqlError): boolean {
  if (type !== undefined) return ['FORBIDDEN', 'INSUFFICIENT_SCOPES', 'NOT_FOUND'].includes(type);
  const isUnknown = /^undefined(Field|Type)$/.test(extensions?.code ?? '');
  return isUnknown || /(?:^Field '\w+' doesn't exist on type|^No such type)/.test(message);
}

function failureOfQuery({ message }: GraphqlError, redact: Redact): EpicstarError {
  const words = `For the GitHub Lists it says: ${oneLine(redact(message))}`;
  const isPassing = /something went wrong|timed? ?out|try again/i.test(message);
  return new EpicstarError(isPassing ? 'github-unavailable' : 'github-unexpected', words);
}
