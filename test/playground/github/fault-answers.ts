/** @file Turns faults into answers: replaces an answer, bends the question, or spoils the result. Pure functions. */
import { type Answer, primaryLimitAnswer, secondaryLimitAnswer } from './answer.ts';
import { type Fault, faultOf } from './faults.ts';

const PORTAL_PAGE = '<!doctype html><title>Welcome</title><h1>Sign in to use this network</h1>\n';
const NEVER_NULL = ['id', 'full_name', 'owner', 'default_branch', 'clone_url', 'private', 'starred_at'];

function asSentBody(body: unknown): Pick<Answer, 'headers' | 'body'> {
  const type = typeof body === 'string' ? 'text/plain; charset=utf-8' : 'application/json; charset=utf-8';
  return { headers: body === undefined ? {} : { 'content-type': type }, body };
}

/** The answer that a fault gives instead of the true one. */
export function replacingAnswer(faults: readonly Fault[], pathAndQuery: string, nowMs: number): Answer | null {
  for (const fault of faults) {
    switch (fault.kind) {
      case 'status': {
        const sent = asSentBody(fault.body);
        return { status: fault.status, ...sent, headers: { ...sent.headers, ...fault.headers } };
      }
      case 'html':
        return {
          status: fault.status ?? 200,
          headers: { 'content-type': 'text/html; charset=utf-8' },
          body: PORTAL_PAGE,
        };
      case 'redirect-other-host': {
        const location = fault.to ?? `https://other-host.invalid${pathAndQuery}`;
        return { status: fault.status ?? 302, headers: { location } };
      }
      case 'rate-limit': {
        const answer = primaryLimitAnswer('user ID 1', fault.status);
        const reset = Math.ceil(nowMs / 1000) + (fault.resetInSeconds ?? 3600);
        const headers = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(reset) };
        return { ...answer, headers: { ...answer.headers, ...headers } };
      }
      case 'secondary-limit':
        return secondaryLimitAnswer(fault.retryAfterSeconds === undefined ? 60 : fault.retryAfterSeconds, fault.status);
      default:
    }
  }
  return null;
}

/** The question as the faults make the server hear it. */
export function bentQuery(faults: readonly Fault[], query: URLSearchParams): URLSearchParams {
  const page = faultOf(faults, 'wrong-page')?.page ?? (faultOf(faults, 'endless-link') === undefined ? null : 1);
  if (page === null) return query;
  const bent = new URLSearchParams(query);
  bent.set('page', String(page));
  return bent;
}

function swapTypes(value: unknown): unknown {
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return value.length;
  if (Array.isArray(value)) return value.map(swapTypes);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, swapTypes(inner)]));
}

function nullFields(value: unknown, fields: readonly string[]): unknown {
  if (Array.isArray(value)) return value.map((item) => nullFields(item, fields));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, fields.includes(key) ? null : nullFields(inner, fields)]),
  );
}

/** The true answer, spoiled. `selfUrl` is the question's own address, with the page that was really asked for. */
export function spoiledAnswer(faults: readonly Fault[], answer: Answer, selfUrl: URL): Answer {
  let { status, headers, body } = answer;
  for (const fault of faults) {
    switch (fault.kind) {
      case 'empty-page':
        body = [];
        break;
      case 'truncated-list': {
        if (Array.isArray(body)) body = body.slice(0, fault.keep);
        headers = Object.fromEntries(Object.entries(headers).filter(([name]) => name !== 'link'));
        break;
      }
      case 'endless-link': {
        const next = new URL(selfUrl);
        next.searchParams.set('page', String(Number(selfUrl.searchParams.get('page') ?? '1') + 1));
        headers = { ...headers, link: `<${next.href}>; rel="next"` };
        break;
      }
      case 'wrong-types':
        body = swapTypes(body);
        break;
      case 'nulls':
        body = nullFields(body, fault.fields ?? NEVER_NULL);
        break;
      case 'broken-json': {
        const text = JSON.stringify(body) ?? '{"message":"ok"}';
        body = text.slice(0, Math.max(1, Math.floor(text.length / 2)));
        break;
      }
      case 'huge-body':
        status = 200;
        break;
      default:
    }
  }
  return { status, headers, body };
}
