/** @file The stand-in for GitHub answers as GitHub describes its REST interface. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Github, startGithub } from '../playground/github/index.ts';
import { createSliceValidator, readSlice } from '../playground/github/schema/validator.ts';
import { ask, STAR_JSON } from '../playground/github/test-client.ts';
import { generateRepositories } from '../playground/repositories/index.ts';

const STAR_TYPE = 'application/vnd.github.v3.star+json';
const JSON_TYPE = 'application/json';

describe('the GitHub stand-in against the published description', () => {
  const validate = createSliceValidator();
  let dir: string;
  let github: Github;
  let token: string;
  let ids: Record<string, number>;

  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'stand-in-'));
    github = await startGithub();
    token = github.addToken();
    const generated = await generateRepositories(dir, { bigMegabytes: 2 });
    ids = Object.fromEntries(generated.map((spec) => [spec.kind, github.world.addRepository(spec)]));
    for (const id of Object.values(ids)) github.world.star(id);
    const privateId = github.world.addRepository({ fullName: 'stella/secret', private: true });
    github.world.star(privateId);
    github.world.rename(ids['trunk'] ?? 0, 'barbara/renamed');
    github.world.block(ids['odd-tags'] ?? 0, 'tos');
    github.world.block(ids['pulls'] ?? 0, 'dmca');
  });

  afterAll(async () => {
    await github.close();
    rmSync(dir, { recursive: true, force: true });
  });

  it.each([
    ['/user', JSON_TYPE, 'application/vnd.github+json'],
    ['/user/starred', JSON_TYPE, 'application/vnd.github+json'],
    ['/user/starred', STAR_TYPE, STAR_JSON],
    ['/rate_limit', JSON_TYPE, 'application/vnd.github+json'],
    ['/meta', JSON_TYPE, 'application/vnd.github+json'],
  ])('GET %s as %s', async (path, type, accept) => {
    for (const base of [github.url, github.apiUrl]) {
      const reply = await ask(base + path, { token, headers: { accept } });
      expect(reply.status).toBe(200);
      expect(validate(`GET ${path} 200 ${type}`, reply.json())).toEqual([]);
    }
  });

  it('shows the public form of the user to a token without scopes', async () => {
    const reply = await ask(`${github.apiUrl}/user`, { token: github.addToken([]) });
    expect(reply.json()).toMatchObject({ user_view_type: 'public' });
    expect(validate('GET /user 200 application/json', reply.json())).toEqual([]);
  });

  it('describes every repository in full, by name and by id', async () => {
    for (const repository of github.world.repositories()) {
      if (repository.blocked !== null || repository.pushedAtMs === null) continue;
      const byName = await ask(`${github.apiUrl}/repos/${repository.owner}/${repository.name}`, { token });
      const byId = await ask(`${github.apiUrl}/repositories/${repository.id}`, { token });
      expect(validate('GET /repos/{owner}/{repo} 200 application/json', byName.json())).toEqual([]);
      expect(validate('GET /repositories/{id} 200 application/json', byId.json())).toEqual([]);
      expect(byId.json()).toEqual(byName.json());
    }
  });

  it('differs for an empty repository only in pushed_at, which GitHub leaves null against its own description', async () => {
    const reply = await ask(`${github.apiUrl}/repositories/${ids['empty']}`, { token });
    expect(validate('GET /repositories/{id} 200 application/json', reply.json())).toEqual([
      '/pushed_at must be string',
    ]);
  });

  it('sends no field of a repository that GitHub does not have', async () => {
    const known = Object.keys(readSlice().components.schemas['full-repository']?.properties ?? {});
    const reply = await ask(`${github.apiUrl}/repositories/${ids['many-tags']}`, { token });
    expect(known).toEqual(expect.arrayContaining(Object.keys(reply.json() as object)));
  });

  it.each([
    ['GET', '/user', 'GET /user', 401, false],
    ['GET', '/user/starred', 'GET /user/starred', 401, false],
    ['PUT', '/user/starred/ada/engine', 'PUT /user/starred/{owner}/{repo}', 401, false],
    ['DELETE', '/user/starred/ada/engine', 'DELETE /user/starred/{owner}/{repo}', 401, false],
    ['GET', '/user/starred/ada/missing', 'GET /user/starred/{owner}/{repo}', 404, true],
    ['PUT', '/user/starred/ada/missing', 'PUT /user/starred/{owner}/{repo}', 404, true],
    ['GET', '/repos/ada/missing', 'GET /repos/{owner}/{repo}', 404, true],
    ['GET', '/repositories/1', 'GET /repositories/{id}', 404, true],
    ['GET', '/repos/barbara/abstraction', 'GET /repos/{owner}/{repo}', 301, true],
    ['GET', '/repos/linus/kernel-ish', 'GET /repos/{owner}/{repo}', 403, true],
  ])('%s %s gives a described error', async (method, path, operation, status, withToken) => {
    const reply = await ask(github.apiUrl + path, { method, token: withToken ? token : undefined });
    expect(reply.status).toBe(status);
    expect(validate(`${operation} ${status} application/json`, reply.json())).toEqual([]);
    expect(reply.json()).toMatchObject({ message: expect.any(String) as string });
  });

  it('stars and unstars without a body', async () => {
    const url = `${github.apiUrl}/user/starred/ada/notes`;
    const answers = [];
    for (const method of ['DELETE', 'GET', 'PUT', 'GET']) {
      const reply = await ask(url, { method, token });
      const type = reply.status === 404 ? ` ${JSON_TYPE}` : '';
      const faults = validate(`${method} /user/starred/{owner}/{repo} ${reply.status}${type}`, reply.json());
      answers.push([method, reply.status, faults]);
    }
    expect(answers).toEqual([
      ['DELETE', 204, []],
      ['GET', 404, []],
      ['PUT', 204, []],
      ['GET', 204, []],
    ]);
  });

  it('gives 304 without a body', async () => {
    for (const path of ['/user', '/user/starred']) {
      const first = await ask(github.apiUrl + path, { token });
      const etag = first.headers.get('etag') ?? '';
      const second = await ask(github.apiUrl + path, { token, headers: { 'if-none-match': etag } });
      expect(second.status).toBe(304);
      expect(validate(`GET ${path} 304`, second.json())).toEqual([]);
    }
  });

  it('says that a takedown notice blocks a repository with 451, which the description leaves out', async () => {
    const reply = await ask(`${github.apiUrl}/repositories/${ids['pulls']}`, { token });
    expect(reply.status).toBe(451);
    expect(reply.json()).toEqual({
      message: 'Repository access blocked',
      block: {
        reason: 'dmca',
        created_at: expect.stringMatching(/Z$/) as string,
        html_url: expect.stringContaining('dmca') as string,
      },
    });
    expect(validate('GET /repositories/{id} 451 application/json', reply.json())).toHaveLength(1);
  });

  it.each([{ kind: 'wrong-types' }, { kind: 'nulls' }] as const)(
    'refuses an answer spoiled by $kind',
    async (effect) => {
      const spoiled = await startGithub();
      try {
        spoiled.world.star(spoiled.world.addRepository({ fullName: 'ada/engine' }));
        spoiled.faults.add(effect);
        const reply = await ask(`${spoiled.apiUrl}/user/starred`, {
          token: spoiled.addToken(),
          headers: { accept: STAR_JSON },
        });
        expect(reply.status).toBe(200);
        expect(validate(`GET /user/starred 200 ${STAR_TYPE}`, reply.json())).not.toEqual([]);
      } finally {
        await spoiled.close();
      }
    },
  );

  it('refuses a repository that lacks any one required field', async () => {
    const reply = await ask(`${github.apiUrl}/user/starred?per_page=1`, { token });
    const [item] = reply.json() as [Record<string, unknown>];
    const required = (readSlice().components.schemas['repository'] as { readonly required: readonly string[] })
      .required;
    for (const field of required) {
      const damaged = Object.fromEntries(Object.entries(item).filter(([key]) => key !== field));
      expect([field, validate(`GET /user/starred 200 ${JSON_TYPE}`, [damaged]).length]).not.toEqual([field, 0]);
    }
  });
});
