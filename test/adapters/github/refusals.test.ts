/** @file GitHub's refusals, and which of them are verdicts on a repository. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Handler, type RawServer, sendJson, startRawServer } from './raw-server.ts';
import { errorOf, never, type Surroundings, surround } from './surroundings.ts';

let server: RawServer;
let around: Surroundings;

beforeEach(async () => {
  server = await startRawServer();
  around = surround(server.url);
});

afterEach(async () => {
  await around.close();
  await server.close();
});

describe('refusals', () => {
  const refuse = (status: number, message: string, headers: Record<string, string> = {}): Handler =>
    sendJson({ message, documentation_url: 'https://docs.github.com/rest' }, status, headers);

  it.each<readonly [name: string, handler: Handler, expected: object]>([
    ['401', refuse(401, 'Bad credentials'), { code: 'github-signed-out', data: { status: 401 } }],
    [
      '403 of a fine-grained token',
      refuse(403, 'Resource not accessible', { 'x-accepted-github-permissions': 'starring=read' }),
      { code: 'github-scope-missing', data: { status: 403, right: 'starring=read' } },
    ],
    [
      '403 of a classic token',
      refuse(403, 'Forbidden', { 'x-accepted-oauth-scopes': 'repo, public_repo', 'x-oauth-scopes': 'gist' }),
      { code: 'github-scope-missing', data: { status: 403, right: 'repo, public_repo' } },
    ],
    [
      '403 although the scope is there',
      refuse(403, 'Your account was suspended', { 'x-accepted-oauth-scopes': 'repo', 'x-oauth-scopes': 'repo, gist' }),
      { code: 'github-unexpected', message: expect.stringContaining('suspended') },
    ],
    [
      '403 for single sign-on',
      refuse(403, 'Resource protected by organization SAML', {
        'x-github-sso': 'required; url=https://github.com/orgs/octo/sso?authorization_request=A1',
      }),
      {
        code: 'github-scope-missing',
        data: { noticeUrl: 'https://github.com/orgs/octo/sso?authorization_request=A1' },
      },
    ],
    [
      '404 in its own words',
      refuse(404, 'Not Found'),
      { code: 'github-scope-missing', data: { right: 'starring=read' } },
    ],
    ['404 of somebody else', refuse(404, 'no Route matched'), { code: 'github-unexpected', data: { status: 404 } }],
    ['422', refuse(422, 'Validation Failed'), { code: 'github-unexpected', data: { status: 422 } }],
    ['304 that nobody asked for', (_request, response) => response.writeHead(304).end(), { code: 'github-unexpected' }],
  ])('%s of the list', async (_name, handler, expected) => {
    server.answer(handler);
    expect(await errorOf(around.github.starPage('created', 1, never()))).toMatchObject(expected);
    expect(server.requests).toHaveLength(1);
  });

  it('404 for the viewer is no right that lacks', async () => {
    server.answer(refuse(404, 'Not Found'));
    expect(await errorOf(around.github.viewer(never()))).toMatchObject({ code: 'github-unexpected' });
  });

  it('404 for the limits means that there are none', async () => {
    server.answer(refuse(404, 'Rate limiting is not enabled.'));
    expect(await around.github.rate(never())).toBeNull();
  });
});

describe('verdicts on one repository', () => {
  const notice = 'https://github.com/github/dmca/blob/master/2026/01/notice.md';

  it.each<readonly [name: string, handler: Handler, lookup: object]>([
    ['404', sendJson({ message: 'Not Found' }, 404), { kind: 'gone' }],
    [
      '451',
      sendJson({ message: 'Repository access blocked', block: { reason: 'dmca', html_url: notice } }, 451),
      { kind: 'blocked', reason: 'dmca', noticeUrl: notice },
    ],
    [
      '403 with a block',
      sendJson({ message: 'Repository access blocked', block: { reason: 'tos', html_url: null } }, 403, {
        'x-ratelimit-remaining': '0',
      }),
      { kind: 'blocked', reason: 'tos', noticeUrl: null },
    ],
    [
      '451 with a notice that is no page',
      sendJson({ message: 'x', block: { reason: 'dmca', html_url: 'javascript:alert(1)' } }, 451),
      { kind: 'blocked', reason: 'dmca', noticeUrl: null },
    ],
    [
      '451 without details',
      sendJson({ message: 'Repository access blocked' }, 451),
      { kind: 'blocked', reason: 'legal' },
    ],
  ])('%s', async (_name, handler, lookup) => {
    server.answer(handler);
    expect(await around.github.repositoryById(41, never())).toMatchObject(lookup);
  });

  it.each<readonly [name: string, handler: Handler, code: string]>([
    [
      '404 as a web page',
      (_request, response) => response.writeHead(404, { 'content-type': 'text/html' }).end('<h1>Not Found</h1>'),
      'github-unexpected',
    ],
    ['404 of a gateway', sendJson({ message: 'no Route matched with those values' }, 404), 'github-unexpected'],
    ['404 with nothing', (_request, response) => response.writeHead(404).end(), 'github-unexpected'],
    ['403 without a block', sendJson({ message: 'Forbidden' }, 403), 'github-unexpected'],
    [
      '451 of a proxy',
      (_request, response) => response.writeHead(451, { 'content-type': 'text/html' }).end('no'),
      'github-blocked',
    ],
    ['500', sendJson({ message: 'Not Found' }, 500), 'github-unavailable'],
  ])('%s is none', async (_name, handler, code) => {
    server.answer(handler);
    expect(await errorOf(around.github.repositoryById(41, never()))).toMatchObject({ code });
  });
});
