/** @file Pushes to remotes that mean no good: nothing is told to others, nothing grows without end, and all of it ends. */
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { otherRemotesOf } from '../../src-main/compose-remotes.ts';
import { createFolderTarget } from '../../src-main/engine/adapters/folder/folder-target.ts';
import { createGit } from '../../src-main/engine/adapters/git/git.ts';
import { createRedactor } from '../../src-main/engine/adapters/system/redactor.ts';
import { type Handout, Handouts } from '../../src-main/engine/core/handouts.ts';
import type { RepositoryRecord } from '../../src-main/engine/ports/store.ts';
import { createKeptLog } from '../support/kept-log.ts';
import { realClock } from '../support/real-clock.ts';
import { makeRow } from '../support/scripted-facts.ts';
import { waitUntil } from '../support/wait.ts';

const token = 'other-remote-token-0123456789';
const refsType = 'application/x-git-upload-pack-advertisement';

describe('a push to a remote that means no good', () => {
  let dir: string;
  let handouts: Handouts;
  let log: ReturnType<typeof createKeptLog>;
  const servers: Server[] = [];

  async function serve(listener: RequestListener): Promise<string> {
    const server = createServer(listener);
    servers.push(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('it listens on no port');
    return `http://127.0.0.1:${address.port}`;
  }

  const repository = (): RepositoryRecord => makeRow(1, 'ada/engine', null).repository;
  const push = (url: string): Handout =>
    handouts.push(repository(), { address: `${url}/a.git`, user: 'ada', token }, false);
  const ended = (id: string): Promise<Handout> =>
    waitUntil(
      'its end',
      () => {
        const handout = handouts.get(id);
        return handout !== null && handout.state !== 'waiting' && handout.state !== 'working' && handout;
      },
      60_000,
    );

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'epicstar-other-remotes-'));
    log = createKeptLog();
    const git = createGit({
      cacheRoot: join(dir, 'cache'),
      homeDir: join(dir, 'git-home'),
      log,
      redactor: createRedactor(),
      clock: realClock,
      processEnv: process.env,
      platform: process.platform,
      fetch,
    });
    handouts = new Handouts({
      target: createFolderTarget({ folder: join(dir, 'mirrors'), log, clock: realClock, allowInsecureHosts: [] }),
      git,
      clock: realClock,
      random: Math.random,
      log,
      readOtherRemote: otherRemotesOf({ allowInsecureHosts: ['127.0.0.1'] }),
      disk: { dataDir: dir, freeBytes: () => Promise.resolve(null), writeProblem: () => Promise.resolve(null) },
    });
  });
  afterEach(async () => {
    await handouts.stop();
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      server.close();
    }
    await rm(dir, { recursive: true, force: true });
  });

  it('that leads elsewhere: nobody there is asked, and the words say what to look at', async () => {
    const asked: (string | undefined)[] = [];
    const elsewhere = await serve(({ headers }, response) => {
      asked.push(headers.authorization);
      response.writeHead(404).end();
    });
    const url = await serve(({ url: path = '' }, response) => {
      response.writeHead(302, { location: `${elsewhere}${path}` }).end();
    });
    const { state, error } = await ended(push(url).id);
    expect([state, error?.code]).toEqual(['failed', 'git-not-found']);
    expect(error?.nextStep).toContain('Check the address');
    expect(asked).toEqual([]);
    expect(JSON.stringify([error, log])).not.toContain(token);
  });

  it('that answers nothing: it is ended at once, the next one has its turn', async () => {
    let hanging = 0;
    const url = await serve(() => {
      hanging += 1;
    });
    const { id } = push(url);
    await waitUntil('the question', () => hanging > 0);
    const { id: next } = push(url);
    expect(handouts.get(next)?.state).toBe('waiting');
    const startMs = performance.now();
    expect(handouts.end(id)).toBe(true);
    await waitUntil('the next one', () => handouts.get(next)?.state === 'working');
    await waitUntil('its question', () => hanging > 1);
    await handouts.stop();
    expect(performance.now() - startMs).toBeLessThan(2_000);
    expect((await readdir(join(dir, 'git-home')).catch(() => [])).filter((name) => name.startsWith('scratch'))).toEqual(
      [],
    );
  });

  it('that answers garbage, or refs without end: it fails, and git is not given the latter', async () => {
    const garbage = await serve((_request, response) => {
      response.writeHead(200, { 'content-type': refsType }).end('zzzz not a list');
    });
    expect((await ended(push(garbage).id)).state).toBe('failed');
    const agents: (string | undefined)[] = [];
    const line = `${'a'.repeat(40)} refs/heads/${'b'.repeat(900)}\n`;
    const part = `${(line.length + 4).toString(16).padStart(4, '0')}${line}`.repeat(1_000);
    const endless = await serve(({ headers }, response) => {
      agents.push(headers['user-agent']);
      response.writeHead(200, { 'content-type': refsType });
      const more = (): void => {
        while (!response.destroyed && response.write(part)) continue;
      };
      response.on('drain', more);
      more();
    });
    const { error } = await ended(push(endless).id);
    expect(error?.message).toContain('The server lists more refs than is credible.');
    expect(agents.filter((agent) => agent?.startsWith('git/'))).toEqual([]);
  }, 90_000);
});
