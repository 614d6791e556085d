/**
 * @file GraphQL as far as Lists need it: the two queries for pages of lists and for pages of what is on one, told apart
 * by their text. Everything else is refused in words of this stand-in's own.
 */
import { type Answer, errorAnswer, jsonAnswer } from './answer.ts';
import type { RateLimiter, RateState } from './rate-limit.ts';
import { isVisible } from './rest.ts';
import { hasScopes, type TokenRecord } from './tokens.ts';
import type { World } from './world.ts';
import type { UserList } from './world-lists.ts';

export interface GraphqlQuestion {
  readonly method: string;
  readonly token: TokenRecord | null;
  readonly hasBadToken: boolean;
  readonly body: string;
}

interface GraphqlError {
  readonly type?: string;
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions?: Readonly<Record<string, string>>;
}

type Variables = Readonly<Record<string, unknown>>;

/** One page of a connection: how many from which item on. */
interface Slice {
  readonly first: number;
  readonly from: number;
}

const MOST_PER_PAGE = 100;

function errorsAnswer(data: unknown, ...errors: readonly GraphqlError[]): Answer {
  return jsonAnswer(200, data === undefined ? { errors } : { data, errors });
}

function cursorAt(position: number): string {
  return Buffer.from(`cursor:v2:${position}`).toString('base64');
}

/** @throws for what GitHub would refuse */
function sliceOf(first: string | undefined, after: unknown): Slice {
  const count = Number(first);
  if (!(count >= 1 && count <= MOST_PER_PAGE)) throw new Error(`\`first\` must be 1 to ${MOST_PER_PAGE}`);
  if (after === null || after === undefined) return { first: count, from: 0 };
  const cursor = typeof after === 'string' ? after : JSON.stringify(after);
  const position = /^cursor:v2:(\d+)$/.exec(Buffer.from(cursor, 'base64').toString())?.[1];
  if (position === undefined) throw new Error(`\`${cursor}\` does not appear to be a valid cursor.`);
  return { first: count, from: Number(position) };
}

function connection(all: readonly unknown[], { first, from }: Slice): unknown {
  const to = Math.min(from + first, all.length);
  const endCursor = to > from ? cursorAt(to) : null;
  return { pageInfo: { hasNextPage: to < all.length, endCursor }, nodes: all.slice(from, to) };
}

function itemsOf(world: World, list: UserList, token: TokenRecord, slice: Slice): unknown {
  const readable = [...list.repositoryIds].filter((id) => {
    const repository = world.findById(id);
    return repository !== null && isVisible(repository, token);
  });
  return connection(
    readable.map((databaseId) => ({ databaseId })),
    slice,
  );
}

function listsAnswer(world: World, token: TokenRecord, query: string, variables: Variables): Answer {
  const lists = /\blists\(first: (\d+), after: \$(\w+)\)/.exec(query);
  const items = /\bitems\(first: (\d+)\)/.exec(query);
  const slice = sliceOf(lists?.[1], variables[lists?.[2] ?? '']);
  const itemSlice = sliceOf(items?.[1], null);
  const all = world.lists.of(token.login).map((list) => {
    return { id: list.id, name: list.name, items: itemsOf(world, list, token, itemSlice) };
  });
  return jsonAnswer(200, { data: { viewer: { lists: connection(all, slice) } } });
}

function itemsAnswer(world: World, token: TokenRecord, query: string, variables: Variables): Answer {
  const id = variables[/\bnode\(id: \$(\w+)\)/.exec(query)?.[1] ?? ''];
  const list = world.lists.of(token.login).find((each) => each.id === id);
  if (list === undefined) {
    const message = `Could not resolve to a node with the global id of '${String(id)}'`;
    return errorsAnswer({ node: null }, { type: 'NOT_FOUND', path: ['node'], message });
  }
  const items = /\bitems\(first: (\d+), after: \$(\w+)\)/.exec(query);
  const slice = sliceOf(items?.[1], variables[items?.[2] ?? '']);
  return jsonAnswer(200, { data: { node: { items: itemsOf(world, list, token, slice) } } });
}

function readQuestion(body: string): { readonly query: string; readonly variables: Variables } {
  const parsed: unknown = JSON.parse(body);
  if (typeof parsed !== 'object' || parsed === null || !('query' in parsed)) throw new Error('A query is needed.');
  const variables = 'variables' in parsed && typeof parsed.variables === 'object' ? parsed.variables : null;
  return { query: String(parsed.query).replaceAll(/\s+/g, ' '), variables: { ...variables } };
}

function replyTo(world: World, token: TokenRecord, body: string): Answer {
  let question: ReturnType<typeof readQuestion>;
  try {
    question = readQuestion(body);
  } catch {
    return errorAnswer(400, 'Problems parsing JSON');
  }
  const { query, variables } = question;
  try {
    const isLists = /\bviewer \{ lists\(/.test(query);
    const isItems = /\bnode\(.*\.\.\. on UserList \{ items\(/.test(query);
    if (!isLists && !isItems) throw new Error('This stand-in does not understand the query.');
    if (!world.lists.isOffered) {
      const extensions = { code: 'undefinedField', typeName: 'User', fieldName: 'lists' };
      return errorsAnswer(undefined, { message: "Field 'lists' doesn't exist on type 'User'", extensions });
    }
    if (!hasScopes(token)) {
      const who = token.kind === 'github-app' ? 'integration' : 'personal access token';
      const message = `Resource not accessible by ${who}`;
      return errorsAnswer({ viewer: null }, { type: 'FORBIDDEN', path: ['viewer', 'lists'], message });
    }
    return isLists ? listsAnswer(world, token, query, variables) : itemsAnswer(world, token, query, variables);
  } catch (error) {
    return errorsAnswer(undefined, { message: error instanceof Error ? error.message : String(error) });
  }
}

function rateHeaders(rate: RateState): Record<string, string> {
  return {
    'x-ratelimit-limit': String(rate.limit),
    'x-ratelimit-remaining': String(rate.remaining),
    'x-ratelimit-used': String(rate.used),
    'x-ratelimit-reset': String(rate.reset),
    'x-ratelimit-resource': 'graphql',
  };
}

function unlimitedAnswer(world: World, question: GraphqlQuestion): Answer {
  if (question.method !== 'POST') return errorAnswer(404, 'Not Found');
  if (question.hasBadToken) return errorAnswer(401, 'Bad credentials');
  if (question.token === null) return errorAnswer(401, 'This endpoint requires you to be authenticated.');
  return replyTo(world, question.token, question.body);
}

/**
 * Counts one point a query against GraphQL's own limit, and refuses beyond it with status 200, as GitHub does.
 *
 * @param replaced what a fault says instead
 */
export function graphqlAnswer(
  world: World,
  rates: RateLimiter,
  question: GraphqlQuestion,
  replaced: Answer | null,
): Answer {
  const { token } = question;
  const isUsedUp = token !== null && rates.state(token).remaining === 0;
  const message = `API rate limit exceeded for user ${token?.login ?? ''}.`;
  const refused = isUsedUp ? errorsAnswer(undefined, { type: 'RATE_LIMITED', message }) : null;
  const answer = replaced ?? refused ?? unlimitedAnswer(world, question);
  if (token !== null && refused === null) rates.count(token);
  return { ...answer, headers: { ...rateHeaders(rates.state(token)), ...answer.headers } };
}
