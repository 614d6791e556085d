/**
 * @file No secret is left anywhere: not in what is printed or logged, not in a file, not in a command line, whatever
 * goes well or wrong, at the most talkative log level in both formats.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { Onedev } from '../playground/onedev/index.ts';
import { hasProcessFiles, type Program } from '../support/program.ts';
import {
  CommandLineSampler,
  filesBelow,
  findSecrets,
  formsOf,
  type Place,
  type Secret,
} from '../support/secret-search.ts';
import { Served } from '../support/served.ts';
import { type EnvironmentChange, type Installation, Stage } from '../support/stage.ts';
import { waitUntil } from '../support/wait.ts';

const refusedTokens = {
  github: `ghp_${'R3fusedByG1tHub'.repeat(3)}`.slice(0, 40),
  onedev: 'R3fusedByOneDev0R3fusedByOneDev0R3fused0',
};

let stage: Stage;

beforeAll(async () => {
  stage = await Stage.start(2);
});
afterEach(() => stage.github.faults.clear());
afterAll(() => stage.close());

/** Runs the program through everything that can go well or wrong, and keeps what it printed. */
class Walk {
  readonly printed: Place[] = [];
  readonly #installation: Installation;

  constructor(installation: Installation) {
    this.#installation = installation;
  }

  get onedev(): Onedev {
    return this.#installation.onedev;
  }

  async run(name: string, args: readonly string[], change: EnvironmentChange = {}): Promise<number | null> {
    return this.#keep(name, this.#installation.start(args, change));
  }

  /** A sync in which each mirror run fails; ended once one has, unless that ended it. */
  async failingSync(name: string): Promise<void> {
    const program = this.#installation.start(['sync', '--json'], { EPICSTAR_CONCURRENCY: '1' });
    await program.waitFor(/mirror run did not succeed/, 'stderr');
    program.signal('SIGINT');
    expect([130, 3], name).toContain(await this.#keep(name, program));
  }

  async serve(): Promise<string> {
    const served = await Served.start(this.#installation);
    const { token, url } = served;
    await served.mirrored(2);
    await fetch(`${url}?token=${token}`, { redirect: 'manual' });
    await fetch(`${url}?token=${token}x`);
    await fetch(`${url}nothing/${token}`);
    await fetch(`${url}api/session`, { headers: { authorization: `Basic ${btoa(`x:${token}`)}` } });
    await fetch(`${url}login`, {
      method: 'POST',
      headers: { origin: url.slice(0, -1) },
      body: new URLSearchParams({ token }),
    });
    await served.fetch('metrics');
    await new Promise((resolve) => {
      const socket = new WebSocket(`${url.replace('http', 'ws')}api/socket`, {
        headers: { authorization: `Bearer ${token}` },
      });
      socket.once('open', () => socket.send(`{"token":"${token}"`));
      socket.once('message', () => socket.close());
      socket.once('close', resolve);
      socket.once('error', resolve);
    });
    served.program.signal('SIGTERM');
    await this.#keep('serve', served.program);
    return token;
  }

  async #keep(name: string, program: Program): Promise<number | null> {
    const { exitCode, stdout, stderr } = await program.ended;
    this.printed.push({ name: `${name} stdout`, bytes: Buffer.from(stdout) });
    this.printed.push({ name: `${name} stderr`, bytes: Buffer.from(stderr) });
    return exitCode;
  }
}

const isFetch = ({ path }: { readonly path: string }): boolean => path.endsWith('/git-upload-pack');

/** Sign-ins that are refused, and addresses where nobody is or somebody repeats what he is sent, as some proxies do. */
async function refuse(walk: Walk): Promise<void> {
  const nobody = { EPICSTAR_GITHUB_API_URL: 'http://127.0.0.1:9' };
  expect(await walk.run('wrong host', ['sync', '--json'], nobody)).toBe(1);
  const github = { EPICSTAR_GITHUB_TOKEN: refusedTokens.github };
  expect(await walk.run('refused by GitHub', ['sync', '--json'], github)).toBe(3);
  const onedev = { EPICSTAR_ONEDEV_TOKEN: refusedTokens.onedev };
  expect(await walk.run('refused by OneDev', ['sync', '--json'], onedev)).toBe(3);
  expect(await walk.run('doctor refused', ['doctor', '--json'], { ...github, ...onedev })).toBe(1);
  const echo = stage.github.faults.add({ kind: 'status', status: 500, path: '/user/starred', body: echoOfGithub() });
  expect(await walk.run('look fails', ['sync', '--json'])).toBe(1);
  echo.remove();
}

function echoOfGithub(): { readonly message: string } {
  return { message: `No: Bearer ${stage.githubToken}, ${btoa(`x-access-token:${stage.githubToken}`)}` };
}

/** Each breaks one thing that a mirror run needs; the returned function mends it. */
const failures: Readonly<Record<string, (onedev: Onedev) => () => void>> = {
  'identity refused by GitHub': () => {
    const fault = { kind: 'status', status: 403, path: '/repositories/*', body: echoOfGithub() } as const;
    const { remove } = stage.github.faults.add(fault);
    return remove;
  },
  'git refused by GitHub': () => {
    const fault = { kind: 'status', status: 403, path: '/owner-0/*', body: echoOfGithub() } as const;
    const { remove } = stage.github.faults.add(fault);
    return remove;
  },
  'cut by GitHub': () => {
    const { remove } = stage.github.faults.add({ kind: 'cut', afterBytes: 300, match: isFetch });
    return remove;
  },
  'git refused by OneDev': ({ adminToken, faults }) => {
    const body = `No: ${btoa(`admin:${adminToken}`)} ${adminToken}`;
    return faults.add({ path: /receive-pack/, fault: { status: 403, body } });
  },
};

describe('secrets', () => {
  it.each(['text', 'json'])('stay hidden with logs as %s', async (format) => {
    const sampler = hasProcessFiles ? new CommandLineSampler() : null;
    const installations: Installation[] = [];
    const walks: Walk[] = [];
    const begin = async (): Promise<Walk> => {
      const change = { EPICSTAR_LOG_LEVEL: 'debug', EPICSTAR_LOG_FORMAT: format };
      const installation = await stage.install(change);
      const walk = new Walk(installation);
      installations.push(installation);
      walks.push(walk);
      return walk;
    };
    try {
      const walk = await begin();
      await refuse(walk);
      for (const [name, fail] of Object.entries(failures)) {
        const failing = await begin();
        const mend = fail(failing.onedev);
        await failing.failingSync(name);
        mend();
      }
      stage.github.faults.add({ kind: 'delay', delayMs: 150, match: isFetch });
      const webToken = await walk.serve();
      for (const star of stage.stars) stage.github.world.touch(star.id);
      expect(await walk.run('sync', ['sync'])).toBe(0);
      expect(await walk.run('doctor', ['doctor', '--json'])).toBe(0);
      for (const command of ['history', 'verify']) expect(await walk.run(command, [command, '--json'])).toBe(0);
      sampler?.stop();

      const secrets: readonly Secret[] = [
        { name: 'GitHub token', value: stage.githubToken },
        ...installations.map(({ onedev }) => ({ name: 'OneDev token', value: onedev.adminToken })),
        { name: 'refused GitHub token', value: refusedTokens.github },
        { name: 'refused OneDev token', value: refusedTokens.onedev },
        { name: 'web token', value: webToken },
      ];
      const files = (await Promise.all(installations.map(({ dataDir }) => filesBelow(dataDir)))).flat();
      const lines = sampler?.lines() ?? [];
      const seen = { name: 'command lines', bytes: Buffer.from(lines.join('\n')) };
      const places = [...walks.flatMap(({ printed }) => printed), ...files, seen];
      expect([...findSecrets(places, secrets)].sort()).toEqual([
        `${join('secrets', 'web-token')}: web token`,
        // Shown to the person at this terminal, once.
        'serve stdout: web token',
      ]);
      const [{ dataDir } = { dataDir: '' }] = installations;
      expect((await stat(join(dataDir, 'secrets', 'web-token'))).mode & 0o077).toBe(0);
      expectSearched(files, format);
      if (sampler === null) return;
      for (const words of [/git .*clone/, /git-remote-http/, /git .*push/]) expect(lines.join('\n')).toMatch(words);
    } finally {
      sampler?.stop();
    }
  });

  it('would be found in every form and place', async (context) => {
    const dir = await mkdtemp(join(tmpdir(), 'epicstar-plant-'));
    context.onTestFinished(() => rm(dir, { recursive: true, force: true }));
    const secret: Secret = { name: 'token', value: stage.githubToken };
    const forms = formsOf(secret.value);
    expect(forms.length).toBeGreaterThan(8);
    expect(findSecrets(await filesBelow(dir), [secret])).toEqual([]);
    for (const [index, form] of forms.entries()) {
      await writeFile(
        join(dir, `plant-${index}`),
        Buffer.concat([Buffer.from([0, 255, 10]), Buffer.from(`x=${form};`)]),
      );
    }
    expect(findSecrets(await filesBelow(dir), [secret])).toHaveLength(forms.length);
    // Basic authentication by any user.
    for (const user of ['a', 'bob', 'carol', 'someone else']) {
      const header = Buffer.from(`Authorization: Basic ${btoa(`${user}:${secret.value}`)}\r\n`);
      expect(findSecrets([{ name: user, bytes: header }], [secret])).toEqual([`${user}: token`]);
    }
    expect(findSecrets([{ name: 'other', bytes: Buffer.from(refusedTokens.github) }], [secret])).toEqual([]);
    if (!hasProcessFiles) return;
    const sampler = new CommandLineSampler();
    const child = spawn(process.execPath, ['-e', 'process.stdin.resume()', '--', secret.value]);
    try {
      await waitUntil('the planted command line', () => {
        const bytes = Buffer.from(sampler.lines().join('\n'));
        return findSecrets([{ name: 'command lines', bytes }], [secret]).length === 1;
      });
    } finally {
      sampler.stop();
      child.stdin.end();
    }
  });
});

/** What was searched is what it should be. */
function expectSearched(files: readonly Place[], format: string): void {
  const names = files.map(({ name }) => name);
  expect(names).toContain('epicstar.db');
  expect(names.filter((name) => /^cache.*config$/.test(name)).length).toBeGreaterThanOrEqual(2);
  const log = files
    .filter(({ name }) => name.startsWith('logs'))
    .map(({ bytes }) => bytes.toString())
    .join('');
  expect(log).toContain('[redacted]');
  expect(log).toMatch(format === 'json' ? /"level":"debug"/ : / DEBUG /);
}
