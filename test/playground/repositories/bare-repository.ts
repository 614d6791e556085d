/** @file Makes bare repositories by hand and fills them by one `git fast-import` each; must not know what is put in. */
import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

/** An empty bare repository: a few files, quicker than a process. */
export function createBare(bareDir: string, defaultBranch: string): void {
  for (const folder of ['objects/info', 'objects/pack', 'refs/heads', 'refs/tags', 'hooks']) {
    mkdirSync(join(bareDir, folder), { recursive: true });
  }
  setHead(bareDir, defaultBranch);
  writeFileSync(join(bareDir, 'config'), '[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = true\n');
}

/** Points HEAD at a branch, which need not exist. */
export function setHead(bareDir: string, branch: string): void {
  writeFileSync(join(bareDir, 'HEAD'), `ref: refs/heads/${branch}\n`);
}

function gitEnvironment(): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '/usr/bin:/bin',
    LC_ALL: 'C',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
  };
}

/**
 * Runs git in a repository with the given input and resolves with its output.
 * @throws when git fails, with what it said
 */
export async function runGit(
  bareDir: string,
  args: readonly string[],
  input: Iterable<Buffer | string> = [],
): Promise<string> {
  const child = spawn('git', args, { cwd: bareDir, env: gitEnvironment(), stdio: ['pipe', 'pipe', 'pipe'] });
  const failed = new Promise<never>((_resolve, reject) => child.once('error', reject));
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  let isListening = true;
  child.stdin.on('error', () => {
    // git ended before it had read everything; its exit code and message tell why.
    isListening = false;
  });
  const outputs = Promise.all([text(child.stdout), text(child.stderr), ended]);
  for (const chunk of input) {
    if (!isListening) break;
    if (!child.stdin.write(chunk)) {
      await Promise.race([new Promise((resolve) => child.stdin.once('drain', resolve)), ended, failed]);
    }
  }
  child.stdin.end();
  const [stdout, stderr, code] = await Promise.race([outputs, failed]);
  if (code !== 0) throw new Error(`git ${args[0]} failed (${code}): ${stderr.slice(0, 2000)}`);
  return stdout;
}

/** Everything goes into one pack without delta search, which is quick and the same each time. */
export async function importInto(bareDir: string, stream: Iterable<Buffer | string>, force = false): Promise<void> {
  const settings = ['fastimport.unpackLimit=0', 'core.compression=0'].flatMap((setting) => ['-c', setting]);
  await runGit(bareDir, [...settings, 'fast-import', '--quiet', '--depth=0', ...(force ? ['--force'] : [])], stream);
}
