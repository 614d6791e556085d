/**
 * @file The bare repositories of the OneDev stand-in: made with a few files instead of a `git init`, HEAD and single
 * refs read straight from disk, lists through git. Knows no HTTP.
 */
import { spawn } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface GitResult {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RefTip {
  readonly name: string;
  readonly commitId: string;
}

const bareConfig = '[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = true\n';
const serverConfig =
  '[uploadpack]\n\tallowAnySHA1InWant = true\n[receive]\n\tautogc = false\n[gc]\n\tauto = 0\n[user]\n\tname = OneDev\n\temail = onedev@localhost\n';
const declineHook = '#!/bin/sh\ncat >/dev/null\nprintf \'%s\' "$ONEDEV_REFUSAL" >&2\nexit 1\n';
const fastForwardHook = `#!/bin/sh
cat >/dev/null
printf '%s\\n' "$ONEDEV_CHECKS" | while read -r old new ref; do
  [ -z "$old" ] && continue
  git merge-base --is-ancestor "$old" "$new" && continue
  printf '%s' "$ONEDEV_REFUSAL" | sed "s|@REF@|$ref|" >&2
  exit 1
done
`;

export class Repositories {
  readonly #dataDir: string;
  readonly #gitPath: string;

  constructor(dataDir: string, gitPath: string) {
    this.#dataDir = dataDir;
    this.#gitPath = gitPath;
  }

  get gitPath(): string {
    return this.#gitPath;
  }

  /** Environment of every git process: only this server's own configuration counts. */
  environment(extra: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
    return {
      PATH: process.env['PATH'] ?? '',
      ...(process.env['SystemRoot'] === undefined ? {} : { SystemRoot: process.env['SystemRoot'] }),
      HOME: this.#dataDir,
      LC_ALL: 'C',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_GLOBAL: join(this.#dataDir, 'gitconfig'),
      GIT_TERMINAL_PROMPT: '0',
      ...extra,
    };
  }

  hooksDir(kind: 'decline' | 'fast-forward'): string {
    return join(this.#dataDir, 'hooks', kind);
  }

  dir(projectId: number): string {
    return join(this.#dataDir, `${projectId}.git`);
  }

  /** Call once before anything else. */
  async prepare(): Promise<void> {
    await mkdir(this.#dataDir, { recursive: true });
    await writeFile(join(this.#dataDir, 'gitconfig'), serverConfig);
    for (const [kind, script] of [
      ['decline', declineHook],
      ['fast-forward', fastForwardHook],
    ] as const) {
      await mkdir(this.hooksDir(kind), { recursive: true });
      await writeFile(join(this.hooksDir(kind), 'pre-receive'), script, { mode: 0o755 });
    }
  }

  /** HEAD names `main`, which does not exist yet. */
  async create(projectId: number): Promise<void> {
    const dir = this.dir(projectId);
    await mkdir(join(dir, 'objects', 'info'), { recursive: true });
    await mkdir(join(dir, 'refs', 'heads'), { recursive: true });
    await Promise.all([
      writeFile(join(dir, 'HEAD'), 'ref: refs/heads/main\n'),
      writeFile(join(dir, 'config'), bareConfig),
    ]);
  }

  async remove(projectId: number): Promise<void> {
    await rm(this.dir(projectId), { recursive: true, force: true });
  }

  async git(projectId: number, args: readonly string[], input = ''): Promise<GitResult> {
    const child = spawn(this.#gitPath, args, {
      cwd: this.dir(projectId),
      env: this.environment({ GIT_NO_REPLACE_OBJECTS: '1' }),
      stdio: 'pipe',
    });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    const status = await new Promise<number>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code) => resolve(code ?? 1));
    });
    return { status, stdout: Buffer.concat(stdout).toString('utf8'), stderr: Buffer.concat(stderr).toString('utf8') };
  }

  /** The branch HEAD names, whether it exists or not. */
  async readHead(projectId: number): Promise<string> {
    const head = await readFile(join(this.dir(projectId), 'HEAD'), 'utf8');
    return head.replace('ref: refs/heads/', '').trim();
  }

  async writeHead(projectId: number, branch: string): Promise<void> {
    await writeFile(join(this.dir(projectId), 'HEAD'), `ref: refs/heads/${branch}\n`);
  }

  /** Undefined if HEAD names a branch that does not exist. */
  async defaultBranch(projectId: number): Promise<string | undefined> {
    const branch = await this.readHead(projectId);
    return (await this.refExists(projectId, `refs/heads/${branch}`)) ? branch : undefined;
  }

  async refExists(projectId: number, refName: string): Promise<boolean> {
    if (refName.split('/').some((part) => part === '' || part === '.' || part === '..' || part.includes('\0'))) {
      return false;
    }
    const loose = await readIfThere(join(this.dir(projectId), refName));
    if (loose !== undefined) {
      return true;
    }
    const packed = (await readIfThere(join(this.dir(projectId), 'packed-refs'))) ?? '';
    return packed.split('\n').some((line) => line.endsWith(` ${refName}`));
  }

  /** Those that lead to a commit; the newest commit first and, among equals, the last name first. */
  async listTips(projectId: number, prefix: 'refs/heads/' | 'refs/tags/'): Promise<readonly RefTip[]> {
    const refs = await this.git(projectId, ['for-each-ref', '--format=%(objectname) %(refname)', prefix]);
    const rows = refs.stdout.split('\n').filter((line) => line !== '');
    if (rows.length === 0) {
      return [];
    }
    const commits = await this.resolveCommits(
      projectId,
      rows.map((row) => row.slice(0, 40)),
    );
    const input = commits.filter((id) => id !== undefined).join('\n');
    const log = await this.git(projectId, ['log', '--no-walk=unsorted', '--format=%H %ct', '--stdin'], `${input}\n`);
    const times = new Map(log.stdout.split('\n').map((line) => [line.slice(0, 40), Number(line.slice(41))]));
    const tips = rows.flatMap((row, index) => {
      const commitId = commits[index];
      return commitId === undefined ? [] : [{ name: row.slice(41 + prefix.length), commitId }];
    });
    const byName = tips.toSorted((a, b) => (a.name < b.name ? -1 : 1));
    return byName.toSorted((a, b) => (times.get(a.commitId) ?? 0) - (times.get(b.commitId) ?? 0)).toReversed();
  }

  /** One entry for each id asked; undefined where it leads to a tree or a blob, or to nothing. */
  async resolveCommits(projectId: number, ids: readonly string[]): Promise<readonly (string | undefined)[]> {
    const input = ids.map((id) => `${id}^{commit}\n`).join('');
    const result = await this.git(projectId, ['cat-file', '--batch-check=%(objectname)'], input);
    return result.stdout
      .split('\n')
      .slice(0, ids.length)
      .map((line) => (/^[0-9a-f]{40}$/.test(line) ? line : undefined));
  }
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch {
    // Not there, or a directory of refs: both mean that this ref is not stored as a file.
    return undefined;
  }
}
