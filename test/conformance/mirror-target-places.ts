/** @file The two places for mirrors as the conformance suite uses them: the target under test, and a look behind it. */
import { lstat, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createFolderTarget } from '../../src-main/engine/adapters/folder/folder-target.ts';
import { createOnedevTarget } from '../../src-main/engine/adapters/onedev/onedev-target.ts';
import type { Clock } from '../../src-main/engine/ports/clock.ts';
import type { Log } from '../../src-main/engine/ports/log.ts';
import type { ClashStrategy, MirrorTarget, TargetProject } from '../../src-main/engine/ports/mirror-target.ts';
import type { Secrets } from '../../src-main/engine/ports/secrets.ts';
import { startOnedev } from '../playground/onedev/index.ts';
import { pushTrial } from '../support/push-trial.ts';
import { git } from './mirror-target-git.ts';

export const realClock: Clock = {
  now: () => Date.now(),
  monotonicMs: () => performance.now(),
  setTimer: (delayMs, fire) => {
    const timer = setTimeout(fire, delayMs);
    return () => clearTimeout(timer);
  },
};

export const silentLog: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => silentLog,
};

export function secretsWith(token: string | null): Secrets {
  return {
    read: async (name) => (name === 'onedev-token' ? token : null),
    write: async () => undefined,
    isFixed: () => Promise.resolve(false),
    origin: async () => (token === null ? null : 'test'),
  };
}

export interface Place {
  readonly target: MirrorTarget;
  /** Another target on the same place that remembers nothing. */
  newTarget(clash?: ClashStrategy): MirrorTarget;
  /** What a project of this full name is called below the target's address. */
  pathOf(fullName: string): string;
  /** Puts something there that is not ours. */
  putForeign(fullName: string): Promise<void>;
  /** The same, and git can push to it. Answers where it is on the disk. */
  putForeignRepository(fullName: string): Promise<string>;
  removeForeign(fullName: string): Promise<void>;
  /** Whether the target says no more of whose it is. */
  forgetOrigin(project: TargetProject): Promise<void>;
  /** Path below the target's address of an archived mirror. */
  archivePathOf(fullName: string): string;
  /** Everything at the place, as a sorted list of paths. */
  list(): Promise<readonly string[]>;
  /** Moves a mirror somewhere else without the target's knowledge. */
  moveByHand(project: TargetProject, fullName: string): Promise<void>;
  removeByHand(project: TargetProject): Promise<void>;
  /** Description as a person sees it at the place. */
  descriptionOf(project: TargetProject): Promise<string>;
  bareDirOf(project: TargetProject): Promise<string>;
  close(): Promise<void>;
}

export async function makeOnedevPlace(): Promise<Place> {
  const dataDir = await mkdtemp(join(tmpdir(), 'epicstar-onedev-'));
  const onedev = await startOnedev({ dataDir });
  const newTarget = (clash: ClashStrategy = 'rename'): MirrorTarget =>
    createOnedevTarget({
      clash,
      url: onedev.url,
      secrets: secretsWith(onedev.adminToken),
      clock: realClock,
      log: silentLog,
      tryPush: pushTrial,
    });
  const projectOf = (project: TargetProject) => {
    const found = onedev.world.projects.get(Number(project.id));
    if (found === undefined) throw new Error(`no project ${project.id}`);
    return found;
  };
  return {
    target: newTarget(),
    newTarget,
    pathOf: (fullName) => `github/${fullName}`,
    putForeign: async (fullName) => {
      await onedev.ensureProject(`github/${fullName}`);
    },
    putForeignRepository: async (fullName) => {
      const project = await onedev.ensureProject(`github/${fullName}`);
      project.description = 'Somebody wrote this.';
      return onedev.repositoryDir(project);
    },
    removeForeign: async (fullName) => {
      const project = await onedev.ensureProject(`github/${fullName}`);
      const headers = { Authorization: `Bearer ${onedev.adminToken}` };
      await fetch(`${onedev.url}/~api/projects/${project.id}`, { method: 'DELETE', headers });
    },
    forgetOrigin: async (project) => {
      projectOf(project).description = 'Somebody wrote this.';
    },
    archivePathOf: (fullName) => `github/_archived/${fullName.replace('/', '+')}`,
    list: async () => [...onedev.world.projects.values()].map((project) => onedev.world.pathOf(project)).sort(),
    moveByHand: async (project, fullName) => {
      const parent = await onedev.ensureProject(dirname(`github/${fullName}`));
      const found = projectOf(project);
      found.parentId = parent.id;
      found.name = fullName.slice(fullName.indexOf('/') + 1);
    },
    removeByHand: async (project) => {
      const headers = { Authorization: `Bearer ${onedev.adminToken}` };
      const reply = await fetch(`${onedev.url}/~api/projects/${project.id}`, { method: 'DELETE', headers });
      if (!reply.ok) throw new Error(`removing answered ${reply.status}`);
    },
    descriptionOf: async (project) => projectOf(project).description ?? '',
    bareDirOf: async (project) => onedev.repositoryDir(projectOf(project)),
    close: async () => {
      await onedev.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

export async function makeFolderPlace(): Promise<Place> {
  const parent = await mkdtemp(join(tmpdir(), 'epicstar-folder-'));
  const folder = join(parent, 'mirrors');
  const newTarget = (clash: ClashStrategy = 'rename'): MirrorTarget =>
    createFolderTarget({ folder, clash, clock: realClock, log: silentLog });
  return {
    target: newTarget(),
    newTarget,
    pathOf: (fullName) => `${fullName}.git`,
    putForeign: async (fullName) => {
      await mkdir(join(folder, `${fullName}.git`), { recursive: true });
      await writeFile(join(folder, `${fullName}.git`, 'precious'), 'not ours');
    },
    putForeignRepository: async (fullName) => {
      const dir = join(folder, `${fullName}.git`);
      await mkdir(dir, { recursive: true });
      await git(dir, ['init', '--quiet', '--bare', '.']);
      await writeFile(join(dir, 'description'), 'Somebody wrote this.');
      return dir;
    },
    removeForeign: (fullName) => rm(join(folder, `${fullName}.git`), { recursive: true }),
    forgetOrigin: (project) => rm(join(folder, project.path, 'epicstar.json')),
    archivePathOf: (fullName) => `_archived/${fullName.replace('/', '+')}.git`,
    list: async () => {
      const owners = await readdir(folder);
      const below = owners.map(async (owner) => {
        const isDirectory = (await lstat(join(folder, owner))).isDirectory();
        const names = isDirectory ? await readdir(join(folder, owner)) : [];
        return [owner, ...names.map((name) => `${owner}/${name}`)];
      });
      return (await Promise.all(below)).flat().sort();
    },
    moveByHand: async (project, fullName) => {
      await mkdir(join(folder, dirname(fullName)), { recursive: true });
      await rename(join(folder, project.path), join(folder, `${fullName}.git`));
    },
    removeByHand: async (project) => {
      await rm(join(folder, project.path), { recursive: true });
    },
    descriptionOf: async (project) => await readFile(join(folder, project.path, 'description'), 'utf8'),
    bareDirOf: async (project) => join(folder, project.path),
    close: async () => {
      await rm(parent, { recursive: true, force: true });
    },
  };
}
