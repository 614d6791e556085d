/**
 * @file What a person would write instead of epicstar: for each repository a project by REST, `git clone --mirror`,
 * `git push`, some at a time. Nothing is planned, kept, verified or remembered. Told what to do by JSON on stdin.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { z } from 'zod';

export const orderSchema = z.object({
  git: z.object({ binary: z.string(), env: z.record(z.string(), z.string()) }),
  onedevUrl: z.string(),
  token: z.string(),
  /** How many repositories at a time. */
  width: z.number().int().positive(),
  workDir: z.string(),
  repositories: z.array(
    z.object({ cloneUrl: z.string(), parentId: z.number(), parentPath: z.string(), name: z.string() }),
  ),
});

export type Order = z.output<typeof orderSchema>;
type Wanted = Order['repositories'][number];

if (import.meta.main) await mirrorAll(orderSchema.parse(JSON.parse(await text(process.stdin))));

async function mirrorAll(order: Order): Promise<void> {
  const rest = order.repositories.entries();
  const lane = async (): Promise<void> => {
    for (const [index, wanted] of rest) await mirror(order, wanted, join(order.workDir, `${index}.git`));
  };
  await Promise.all(Array.from({ length: order.width }, lane));
}

async function mirror(order: Order, wanted: Wanted, dir: string): Promise<void> {
  await createProject(order, wanted);
  await runGit(order, ['clone', '--quiet', '--mirror', wanted.cloneUrl, dir]);
  const address = `${order.onedevUrl}/${wanted.parentPath}/${wanted.name}`;
  const refspecs = ['+refs/heads/*:refs/heads/*', '+refs/tags/*:refs/tags/*'];
  await runGit(order, ['-C', dir, 'push', '--quiet', address, ...refspecs]);
}

async function createProject({ onedevUrl, token }: Order, { name, parentId }: Wanted): Promise<void> {
  const answer = await fetch(`${onedevUrl}/~api/projects`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      name,
      parentId,
      codeManagement: true,
      issueManagement: false,
      packManagement: false,
      gitPackConfig: {},
      codeAnalysisSetting: {},
    }),
  });
  if (!answer.ok) throw new Error(`project ${name}: ${answer.status} ${await answer.text()}`);
  await answer.text();
}

function runGit({ git, onedevUrl, token }: Order, args: readonly string[]): Promise<void> {
  const credentials = Buffer.from(`x:${token}`).toString('base64');
  const env = {
    ...git.env,
    PATH: process.env['PATH'] ?? '',
    HOME: process.env['HOME'] ?? '',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_TERMINAL_PROMPT: '0',
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: `http.${onedevUrl}/.extraHeader`,
    GIT_CONFIG_VALUE_0: `Authorization: Basic ${credentials}`,
  };
  return new Promise((resolve, reject) => {
    const child = spawn(git.binary, args, { env, stdio: ['ignore', 'ignore', 'inherit'] });
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`git ${args[0]} ended with ${code ?? 'a signal'}`));
    });
  });
}
