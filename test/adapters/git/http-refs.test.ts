/** @file Lists of refs over HTTP without a process: the same as git's own, and git where that is no good. */
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { listRefsByHttp } from '../../../src-main/engine/adapters/git/http-refs.ts';
import { createGit } from '../../../src-main/engine/adapters/git/git.ts';
import { createSystemClock } from '../../../src-main/engine/adapters/system/clock.ts';
import { createRedactor } from '../../../src-main/engine/adapters/system/redactor.ts';
import type { Git, GitRemote } from '../../../src-main/engine/ports/git.ts';
import type { Log } from '../../../src-main/engine/ports/log.ts';
import { type Github, startGithub } from '../../playground/github/index.ts';
import { type GeneratedRepository, generateRepositories } from '../../playground/repositories/index.ts';

const log: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => log,
};
const never = (): AbortSignal => new AbortController().signal;
const hows = ['advertised', 'heads-and-tags'] as const;

describe('refs over HTTP', () => {
  let dir: string;
  let github: Github;
  let generated: readonly GeneratedRepository[];
  let token: string;
  let fetches = 0;

  const gitWith = (isDirect: boolean): Git =>
    createGit({
      cacheRoot: join(dir, 'cache'),
      homeDir: join(dir, 'home'),
      log,
      redactor: createRedactor(),
      clock: createSystemClock(),
      processEnv: process.env,
      platform: process.platform,
      ...(isDirect
        ? {
            fetch: (url: string, init: RequestInit) => {
              fetches += 1;
              return fetch(url, init);
            },
          }
        : {}),
    });
  const remoteOf = (fullName: string, authorization: string | null = null): GitRemote => ({
    url: `${github.gitUrl}/${fullName}.git`,
    transport: 'http',
    authorization,
  });

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'epicstar-refs-'));
    generated = await generateRepositories(join(dir, 'upstream'), { bigMegabytes: 1 });
    github = await startGithub();
    token = github.addToken();
    for (const one of generated) github.world.addRepository(one);
    const [one] = generated;
    if (one !== undefined) github.world.addRepository({ ...one, fullName: 'ada/hidden', private: true });
  });
  afterAll(async () => {
    await github.close();
    await rm(dir, { recursive: true, force: true });
  });

  it('are those that git lists, for every kind of repository, without a process', async () => {
    const [direct, plain] = [gitWith(true), gitWith(false)];
    for (const { fullName, kind } of generated) {
      for (const how of hows) {
        const call = { signal: never() };
        const expected = await plain.listRefs(remoteOf(fullName), how, call);
        const listed = await direct.listRefs(remoteOf(fullName), how, call);
        expect(listed.refs, `${kind} ${how}`).toEqual(expected.refs);
        expect(listed.unreadable, `${kind} ${how}`).toEqual(expected.unreadable);
        if (how === 'advertised') expect(listed.head, kind).toBe(expected.head);
      }
    }
    expect(direct.processCount()).toBe(0);
  });

  it('leave out pull requests', async () => {
    const listed = await gitWith(true).listRefs(remoteOf('linus/busy'), 'heads-and-tags', { signal: never() });
    expect([...listed.refs.keys()].every((ref) => /^refs\/(heads|tags)\//.test(ref))).toBe(true);
  });

  it('need the token where git needs it', async () => {
    const authorization = `Basic ${Buffer.from(`x-access-token:${token}`).toString('base64')}`;
    const git = gitWith(true);
    const listed = await git.listRefs(remoteOf('ada/hidden', authorization), 'heads-and-tags', { signal: never() });
    expect(listed.refs.size).toBeGreaterThan(1);
    await expect(git.listRefs(remoteOf('ada/hidden'), 'heads-and-tags', { signal: never() })).rejects.toMatchObject({
      code: 'git-auth-refused',
    });
  });

  it('are asked of git where HTTP is no good, whose words name the cause', async () => {
    const git = gitWith(true);
    const before = fetches;
    await expect(git.listRefs(remoteOf('ada/nowhere'), 'advertised', { signal: never() })).rejects.toMatchObject({
      code: expect.stringMatching(/^git-(not-found|auth-refused)$/),
    });
    expect(fetches).toBe(before + 1);
    expect(git.processCount()).toBeGreaterThan(0);
  });
});

describe('wrong answers over HTTP', () => {
  let server: Server;
  const remote = async (answer: RequestListener): Promise<GitRemote> => {
    server = createServer(answer);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    return { url: `http://127.0.0.1:${port}/a/b.git`, transport: 'http', authorization: 'Bearer secret-of-this-host' };
  };
  afterEach(() => new Promise((resolve) => server.close(resolve)));

  const advertisement = 'application/x-git-upload-pack-advertisement';
  const result = 'application/x-git-upload-pack-result';
  const good = '001e# service=git-upload-pack\n0000';

  it.each([
    ['HTML', 'text/html', '<html></html>', 'advertised'],
    ['HTML under the right type', advertisement, '<html></html>', 'advertised'],
    ['an end in the middle', advertisement, `${good}003f${'1'.repeat(40)} refs/heads/main`, 'advertised'],
    ['no flush at the end', advertisement, `${good}003d${'1'.repeat(40)} refs/heads/main\n`, 'advertised'],
    ['an error of the server', advertisement, `${good}000eERR no way0000`, 'advertised'],
    ['no object id', advertisement, `${good}0018xyz refs/heads/main0000`, 'advertised'],
    ['another service', advertisement, '001f# service=git-receive-pack\n00000000', 'advertised'],
    ['a marker among refs', result, `003d${'1'.repeat(40)} refs/heads/main\n00010000`, 'heads-and-tags'],
    ['nothing', result, '', 'heads-and-tags'],
  ] as const)('%s is not believed', async (_, type, body, how) => {
    const wrong = await remote((_request, response) => response.setHeader('content-type', type).end(body));
    expect(await listRefsByHttp(fetch, wrong, how, never())).toBeNull();
  });

  it('a redirect is not followed, and the token goes nowhere', async () => {
    const asked: string[] = [];
    const wrong = await remote((request, response) => {
      asked.push(request.url ?? '');
      response.writeHead(302, { location: '/elsewhere' }).end();
    });
    expect(await listRefsByHttp(fetch, wrong, 'advertised', never())).toBeNull();
    expect(asked).toEqual(['/a/b.git/info/refs?service=git-upload-pack']);
  });
});
