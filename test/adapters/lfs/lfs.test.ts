/** @file The LFS client against servers that are large, wrong or hostile: what it sends to whom, and what it keeps. */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { downloadHref } from '../../../src-main/engine/adapters/lfs/address.ts';
import { groupsOf } from '../../../src-main/engine/adapters/lfs/copier.ts';
import { createLfs } from '../../../src-main/engine/adapters/lfs/lfs.ts';
import type { LfsPointer } from '../../../src-main/engine/domain/extras.ts';
import type { GitRemote } from '../../../src-main/engine/ports/git.ts';
import type { Lfs } from '../../../src-main/engine/ports/lfs.ts';
import { realClock } from '../../support/real-clock.ts';

interface Seen {
  readonly server: string;
  readonly line: string;
  readonly authorization: string | undefined;
  readonly bytes: number;
}

const pieceBytes = 256 * 1024;

function pointerOf(content: Buffer): LfsPointer {
  return { oid: createHash('sha256').update(content).digest('hex'), size: content.length };
}

function json(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/vnd.git-lfs+json' }).end(JSON.stringify(value));
}

describe('the LFS client', () => {
  let dir: string;
  let lfs: Lfs;
  let freeBytes: number | null;
  let servers: Server[];
  const seen: Seen[] = [];
  const content = Buffer.from('a file that LFS keeps');
  const pointer = pointerOf(content);

  type Act = (request: IncomingMessage, response: ServerResponse, body: Buffer) => void;
  let hosts: Record<'source' | 'media' | 'target' | 'stranger', string>;
  let acts: Record<'source' | 'media' | 'target' | 'stranger', Act>;

  const listen = async (name: keyof typeof acts, keepsBody = true): Promise<string> => {
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      request.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (keepsBody) chunks.push(chunk);
      });
      request.on('end', () => {
        const line = `${request.method} ${request.url}`;
        seen.push({ server: name, line, authorization: request.headers.authorization, bytes });
        acts[name](request, response, Buffer.concat(chunks));
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    servers.push(server);
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };

  const remotes = (): { readonly from: GitRemote; readonly to: GitRemote } => ({
    from: { url: `${hosts.source}/ada/art.git`, transport: 'http', authorization: 'Basic from-secret' },
    to: { url: `${hosts.target}/github/ada/art`, transport: 'http', authorization: 'Bearer to-secret' },
  });
  const offers = (oid: string, action: unknown, extra: object = {}): object => ({
    objects: [{ oid, size: 1, actions: action, ...extra }],
  });
  const copy = (pointers: readonly LfsPointer[] = [pointer], signal = new AbortController().signal) => {
    const { from, to } = remotes();
    return lfs.copy(from, to, pointers, { signal });
  };
  const of = (server: string): readonly Seen[] => seen.filter((one) => one.server === server);

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'epicstar-lfs-'));
    servers = [];
    seen.length = 0;
    freeBytes = null;
    const [source, media, target, stranger] = await Promise.all([
      listen('source'),
      listen('media'),
      listen('target', false),
      listen('stranger'),
    ]);
    hosts = { source, media, target, stranger };
    acts = {
      source: (_request, response) =>
        json(
          response,
          200,
          offers(pointer.oid, { download: { href: `${hosts.media}/x?sig=1`, header: { 'x-part': 'a' } } }),
        ),
      media: (_request, response) => response.end(content),
      target: (request, response) => {
        if (request.method === 'PUT') return response.end();
        const href = `${hosts.target}/github/ada/art.git/lfs/objects/${pointer.oid}?lfs-objects=true`;
        return json(
          response,
          200,
          offers(pointer.oid, { upload: { href, header: { Authorization: 'Bearer for-this' } } }),
        );
      },
      stranger: (_request, response) => response.end(),
    };
    lfs = createLfs({
      tempDir: join(dir, 'lfs'),
      disk: { dataDir: dir, freeBytes: () => Promise.resolve(freeBytes), writeProblem: () => Promise.resolve(null) },
      clock: realClock,
      redactor: { add: () => undefined, redact: (text) => text.replaceAll('secret', '***') },
    });
  });
  afterEach(async () => {
    expect(await readdir(join(dir, 'lfs')).catch(() => [])).toEqual([]);
    for (const server of servers) {
      server.closeAllConnections();
      server.close();
    }
    await rm(dir, { recursive: true, force: true });
  });

  it('gives each server its own credentials and no other', async () => {
    expect(await copy()).toEqual({ copied: 1, bytes: content.length, problems: [], stopped: null });
    expect(of('source').map(({ authorization }) => authorization)).toEqual(['Basic from-secret']);
    expect(of('media').map(({ authorization }) => authorization)).toEqual([undefined]);
    expect(of('target').map(({ line, authorization }) => [line.split('?')[0], authorization])).toEqual([
      ['POST /github/ada/art.git/info/lfs/objects/batch', 'Bearer to-secret'],
      [`PUT /github/ada/art.git/lfs/objects/${pointer.oid}`, 'Bearer for-this'],
    ]);
    expect(lfs.requestCount()).toBe(4);
  });

  it('sends nothing to another server that the mirror server names', async () => {
    const name = (path: string) => {
      acts.target = (request, response) => {
        if (request.method === 'PUT') return response.end();
        const upload = { href: `${hosts.stranger}${path}`, header: { Authorization: 'Bearer for-this' } };
        return json(response, 200, offers(pointer.oid, { upload, verify: { href: `${hosts.stranger}/verify` } }));
      };
    };
    // Its own path under a wrong address is found under the right one.
    name(`/github/ada/art.git/lfs/objects/${pointer.oid}`);
    expect(await copy()).toMatchObject({ copied: 1, stopped: null });
    name('/elsewhere');
    const { copied, stopped } = await copy();
    expect(copied).toBe(0);
    expect(stopped).toEqual({
      side: 'target',
      words: `The mirror server wants files of LFS to be sent to ${hosts.stranger}, but its address here is ${hosts.target}. Correct the server URL in its settings.`,
    });
    expect(of('stranger')).toEqual([]);
  });

  it('refuses addresses and headers that are not as they should be', async () => {
    for (const href of ['file:///etc/passwd', 'not an address', 'http://user:word@127.0.0.1/']) {
      acts.source = (_request, response) => json(response, 200, offers(pointer.oid, { download: { href } }));
      expect((await copy()).problems).toMatchObject([{ oid: pointer.oid, kind: 'broken' }]);
    }
    const header = { 'x-a': 'b\r\nauthorization: c' };
    acts.source = (_request, response) =>
      json(response, 200, offers(pointer.oid, { download: { href: hosts.media, header } }));
    expect((await copy()).stopped).toMatchObject({ side: 'github' });
    expect(of('media')).toEqual([]);
    expect(of('target')).toEqual([]);
  });

  it('says who answered what, without secrets', async () => {
    acts.source = (_request, response) => json(response, 429, { message: 'slow\ndown, secret' });
    expect((await copy()).stopped?.words).toMatch(/^127\.0\.0\.1:\d+ answers 429: slow down, \*\*\*\.$/);
    acts.source = (_request, response) => response.writeHead(200).end('<html>');
    expect((await copy()).stopped?.words).toMatch(/is not the LFS protocol\.$/);
    acts.source = (_request, response) => json(response, 200, { transfer: 'tus', objects: [] });
    expect((await copy()).stopped?.words).toMatch(/is not the LFS protocol\.$/);
    acts.source = (_request, response) => response.writeHead(302, { location: hosts.stranger }).end();
    expect((await copy()).stopped?.words).toMatch(/answers 302\.$/);
    acts.source = (request) => request.socket.destroy();
    expect((await copy()).stopped?.words).toMatch(/was cut\.$/);
    acts.source = (_request, response) =>
      json(response, 200, offers(pointer.oid, {}, { error: { code: 403, message: 'no' } }));
    expect((await copy()).problems).toEqual([{ oid: pointer.oid, kind: 'denied', words: 'no' }]);
    expect(of('stranger')).toEqual([]);
  });

  it('notes what the mirror server refuses, and goes on', async () => {
    const act = acts.target;
    acts.target = (request, response, body) =>
      request.method === 'PUT' ? response.writeHead(500).end() : act(request, response, body);
    expect(await copy()).toMatchObject({ copied: 0, problems: [{ kind: 'refused' }], stopped: null });
  });

  it('writes nothing where there is no room', async () => {
    freeBytes = 100 * 1024 * 1024;
    const { stopped } = await copy();
    expect(stopped?.side).toBe('here');
    expect(stopped?.words).toMatch(/^About 257 MB are needed on the way and 100 MB are free in /);
    expect(seen).toEqual([]);
  });

  it('passes over a file that does not fit, and brings the others', async () => {
    freeBytes = 300 * 1024 * 1024;
    const huge = { oid: 'f'.repeat(64), size: 999_999_999_999_999 };
    const { from, to } = remotes();
    const call = { signal: new AbortController().signal, onProgress: () => undefined };
    expect(await lfs.copy(from, to, [huge, pointer], call)).toMatchObject({
      copied: 1,
      problems: [{ oid: huge.oid, kind: 'large', words: '953674317 MB by their pointer, 300 MB free' }],
      stopped: null,
    });
  });

  it.each([
    ['https://127.0.0.1/a', false],
    ['https://[::1]/a', false],
    ['https://[::ffff:10.0.0.1]/a', false],
    ['https://10.0.0.1/a', false],
    ['https://2130706433/a', false],
    ['https://169.254.169.254/latest', false],
    ['https://localhost./a', false],
    ['https://media.example.org/a', true],
  ])('a file of a public host is read from %s: %s', (href, isUsable) => {
    const remote = { url: 'https://github.com/ada/art.git', transport: 'http', authorization: null } as const;
    expect(downloadHref(remote, href).kind).toBe(isUsable ? 'usable' : 'unusable');
  });

  it('ends at once when it is cancelled, and leaves nothing', async () => {
    const controller = new AbortController();
    acts.media = (_request, response) => {
      response.writeHead(200, { 'content-length': '1000000' });
      response.write('a', () => controller.abort());
    };
    await expect(copy([{ ...pointer, size: 1_000_000 }], controller.signal)).rejects.toMatchObject({
      code: 'cancelled',
    });
  });

  it('streams what is larger than memory should be', async () => {
    const size = 400 * 1024 * 1024;
    const piece = Buffer.alloc(pieceBytes, 0x42);
    const hash = createHash('sha256');
    for (let at = 0; at < size; at += pieceBytes) hash.update(piece);
    const large = { oid: hash.digest('hex'), size };
    acts.source = (_request, response) =>
      json(response, 200, offers(large.oid, { download: { href: `${hosts.media}/large` } }));
    acts.media = (_request, response) => {
      response.writeHead(200, { 'content-length': String(size) });
      let at = 0;
      const go = (): void => {
        while (at < size) {
          at += pieceBytes;
          if (!response.write(piece)) {
            response.once('drain', go);
            return;
          }
        }
        response.end();
      };
      go();
    };
    acts.target = (request, response) => {
      if (request.method === 'PUT') return response.end();
      return json(
        response,
        200,
        offers(large.oid, { upload: { href: `${hosts.target}/github/ada/art.git/lfs/objects/${large.oid}` } }),
      );
    };
    let most = 0;
    const before = process.memoryUsage().rss;
    const watch = setInterval(() => {
      most = Math.max(most, process.memoryUsage().rss - before);
    }, 20);
    try {
      expect(await copy([large])).toMatchObject({ copied: 1, bytes: size, problems: [] });
    } finally {
      clearInterval(watch);
    }
    expect(of('target').at(-1)?.bytes).toBe(size);
    expect(most).toBeLessThan(150 * 1024 * 1024);
  }, 60_000);
});

it('objects go in groups that are small, and large ones alone', () => {
  const sizes = [...Array.from({ length: 250 }, () => 1), 15_000_000, 15_000_000, 4_000_000_000];
  const groups = groupsOf(sizes.map((size, index) => ({ oid: String(index), size })));
  expect(groups.map((group) => group.length)).toEqual([100, 100, 51, 1, 1]);
  expect(groupsOf([])).toEqual([]);
});
