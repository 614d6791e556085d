/** @file The mirrors that OneDev holds, among descriptions that somebody else wrote. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { wanted } from '../../conformance/mirror-target-words.ts';
import { openStandIn, type StandIn } from './stand-in.ts';

const never = new AbortController().signal;

let standIn: StandIn;

beforeEach(async () => {
  standIn = await openStandIn();
});
afterEach(() => standIn.close());

const line = (githubId: number | string, url = 'https://github.com/ada/engine'): string =>
  `Mirrored by epicstar from ${url} (epicstar-github-id:${githubId};)`;

async function put(path: string, description: string): Promise<number> {
  const project = await standIn.onedev.ensureProject(path);
  project.description = description;
  return project.id;
}

const list = (root = 'github') => standIn.targetWith(standIn.onedev.adminToken, { root }).list(never);

describe('the mirrors that OneDev holds', () => {
  it('are those below the root alone', async () => {
    await standIn.target.ensureProject(wanted(12, 'ada/engine'), null, never);
    await put('second/ada/engine', line(12));
    await put('github-too/ada/engine', line(13));
    expect((await list()).mirrors.map(({ githubId, project, copies }) => [githubId, project.path, copies])).toEqual([
      [12, 'github/ada/engine', []],
    ]);
    expect((await list('second')).mirrors).toHaveLength(1);
    // Nor is one of another root taken for ours when its repository is asked for.
    const second = standIn.targetWith(standIn.onedev.adminToken, { root: 'third' });
    const { how, project } = await second.ensureProject(wanted(12, 'ada/engine'), null, never);
    expect({ how, path: project.path }).toEqual({ how: 'created', path: 'third/ada/engine' });
    expect(standIn.paths()).toContain('github/ada/engine');
  });

  it.each([
    ['two lines', `${line(12)}\n${line(13)}`],
    ['no id', line('')],
    ['an id that is none', line('0x12')],
    ['an id beyond all numbers', line('9'.repeat(16))],
    ['a line within a line', `see ${line(12)} there`],
    ['the marker alone', 'epicstar-github-id:12;'],
  ])('with %s are named and left out', async (_case, description) => {
    await put('github/eve/forged', description);
    const { mirrors, unreadable } = await list();
    expect(mirrors).toEqual([]);
    expect(unreadable).toEqual(["'github/eve/forged' does not say in one line which repository it mirrors."]);
  });

  it.each([
    ['not an address', '-'],
    ['another scheme', 'javascript:alert(1)'],
    ['a password', 'https://a:b@github.com/ada/engine'],
    ['a deeper path', 'https://github.com/ada/engine/../../etc'],
  ])('have their name from their place where the line has %s', async (_case, url) => {
    await put('github/eve/thing+12', line(12, url));
    const { mirrors } = await list();
    expect(mirrors.map(({ githubId, fullName }) => [githubId, fullName])).toEqual([[12, 'eve/thing']]);
  });

  it('are of several that claim one repository the one in its place, else the oldest', async () => {
    const aside = await put('github/eve/aside', line(12));
    const other = await put('github/eve/other', line(12));
    expect((await list()).mirrors[0]).toMatchObject({
      project: { id: String(aside) },
      copies: [{ id: String(other) }],
    });
    const proper = await put('github/ada/engine', line(12));
    const { mirrors } = await list();
    expect(mirrors).toHaveLength(1);
    expect(mirrors[0]?.project.id).toBe(String(proper));
    expect(mirrors[0]?.copies.map(({ id }) => id)).toEqual([String(aside), String(other)]);
    const ensured = await standIn.target.ensureProject(wanted(12, 'ada/engine'), null, never);
    expect(ensured.project.id).toBe(String(proper));
  });

  it('are all there though projects go away while the list is read', async () => {
    const ids = Array.from({ length: 150 }, (_, index) => 1_000 + index);
    for (const id of ids) await put(`github/owner/name-${id}`, line(id, `https://github.com/owner/name-${id}`));
    const first = standIn.onedev.world.findByPath('github/owner/name-1000');
    const listing = list();
    // The first page was read: what stands behind moves up by one.
    while (standIn.onedev.log.count({ path: /offset=0/ }) === 0) await new Promise((resolve) => setImmediate(resolve));
    if (first !== undefined) standIn.onedev.world.projects.delete(first.id);
    const { mirrors } = await listing;
    expect(mirrors.map(({ githubId }) => githubId)).toEqual(expect.arrayContaining(ids.slice(1)));
  });
});
