/**
 * @file Finding, creating and moving the bare repository of a mirror. One call at a time.
 *
 * [Note: the index] Which mirror stands where is read from all `<owner>/<name>.git/epicstar.json` once, then kept in
 * memory; each use reads the record again, and a miss of a mirror that was known leads to another reading of all.
 *
 * [Note: making way] GitHub gives a name to one repository at a time. A mirror of ours that stands in the place of the
 * repository that has the name today is a former holder; it is renamed to `<name>+<its GitHub id>.git` beside it, and
 * moves to its right place when it is asked for itself. A directory without our record is never touched.
 *
 * [Note: clashes] What is not ours in the place of a mirror: by the strategy `rename` the mirror stands beside it as
 * `<name>+<its GitHub id>.git`, and moves into its place when that is free. By `use` a bare repository becomes the
 * mirror, if whoever asks for it knows that nothing in it can be lost; nobody waits while that is found out.
 *
 * [Note: symbolic links] Owners and repositories must be real directories; a link in their place counts as foreign, so
 * nothing is ever written outside the folder. The folder itself may be reached through links.
 */
import { basename, dirname, join } from 'node:path';
import { EpicstarError } from '../../domain/errors.ts';
import type { GithubId } from '../../domain/repository.ts';
import type { Log } from '../../ports/log.ts';
import type {
  ClashStrategy,
  EnsuredProject,
  ProjectWanted,
  TakeOverProblem,
  TargetProject,
} from '../../ports/mirror-target.ts';
import { isBareRepository, writeEmptyRepository } from './bare-repository.ts';
import { type Disk, entryKind, errorCode } from './disk.ts';
import { archivePlaceOf, asideRepository, isSameName, type Place, placeOf } from './place.ts';
import { type MirrorRecord, readRecord, recordOf, updateRecord, writeRecord } from './record.ts';
import { removeLeftovers, removeMirror } from './remove.ts';

interface Found {
  /** `owner/name.git`, as the directories are spelled. */
  readonly path: string;
  readonly record: MirrorRecord;
}

/** What is not ours where a mirror should stand. */
interface Foreign {
  readonly path: string;
  readonly why: string;
  /** Whether git could keep a mirror in it. */
  readonly isBare: boolean;
}

interface Way {
  /** A mirror of this very repository that stands there and must not make way. */
  readonly mine: Found | null;
  readonly foreign: Foreign | null;
}

/** Directories of ours beside the owners; no owner on GitHub begins with a dot. */
const draftPrefix = '.epicstar-new-';

const free: Way = { mine: null, foreign: null };

export class FolderMirrors {
  readonly #disk: Disk;
  readonly #folder: string;
  readonly #clash: ClashStrategy;
  readonly #log: Log;
  #index: Map<GithubId, string> | null = null;
  #wasThere = false;
  #last: Promise<unknown> = Promise.resolve();

  constructor(disk: Disk, folder: string, clash: ClashStrategy, log: Log) {
    this.#disk = disk;
    this.#folder = folder;
    this.#clash = clash;
    this.#log = log;
  }

  /** See MirrorTarget.ensureProject. */
  async ensure(
    wanted: ProjectWanted,
    knownId: string | null,
    signal: AbortSignal,
    takeOverProblem?: TakeOverProblem,
  ): Promise<EnsuredProject> {
    const ensured = await this.#inTurn(() => this.#ensure(wanted, knownId !== null, null, signal));
    if (!('why' in ensured)) return ensured;
    const { path, isBare } = ensured;
    if (this.#clash !== 'use' || takeOverProblem === undefined) throw clashOf(ensured);
    if (!isBare) throw clash(path, 'is no bare repository, so it cannot be taken over');
    const url = join(await this.#openFolder(false), path);
    const problem = await takeOverProblem({ url, transport: 'file', authorization: null });
    if (problem !== null) throw clash(path, `has no epicstar.json of ours; it cannot be taken over: ${problem}`);
    const taken = await this.#inTurn(() => this.#ensure(wanted, knownId !== null, path, signal));
    if ('why' in taken) throw clashOf(taken);
    return taken;
  }

  /** See MirrorTarget.archiveProject. */
  archive(wanted: ProjectWanted, id: string, signal: AbortSignal): Promise<TargetProject | null> {
    return this.#put(wanted, id, archivePlaceOf(wanted.fullName), signal);
  }

  /** See MirrorTarget.bringBackProject. */
  bringBack(wanted: ProjectWanted, id: string, signal: AbortSignal): Promise<TargetProject | null> {
    return this.#put(wanted, id, placeOf(wanted.fullName, wanted.githubId), signal);
  }

  /** See MirrorTarget.removeProject. */
  remove(githubId: GithubId, id: string): Promise<boolean> {
    return this.#inTurn(async () => {
      const base = await this.#openFolder(false);
      const mine = await this.#findMine(base, githubId, id);
      if (mine === null) return false;
      if (mine.record.isTakenOver === true) {
        const words = `'${mine.path}' was somebody's before it became a mirror; remove it there yourself.`;
        throw new EpicstarError('target-project-in-use', words);
      }
      await removeMirror(this.#disk, base, mine.path, githubId);
      this.#index?.delete(githubId);
      await this.#removeIfEmpty(join(base, dirname(mine.path)));
      this.#log.info('removed a mirror in the folder', { path: mine.path, githubId });
      return true;
    });
  }

  #put(wanted: ProjectWanted, id: string, place: Place, signal: AbortSignal): Promise<TargetProject | null> {
    const { githubId } = wanted;
    return this.#inTurn(async () => {
      const base = await this.#openFolder(false);
      const mine = await this.#findMine(base, githubId, id);
      if (mine === null) return null;
      throwIfAborted(signal);
      const owner = await this.#openOwner(base, place);
      const names = [place.repository, asideRepository(place.repository, githubId)];
      if (names.some((name) => isSameName(`${owner}/${name}`, mine.path))) return project(githubId, mine.path);
      for (const name of names) {
        if ((await this.#spelling(join(base, owner), name)) !== null) continue;
        const path = `${owner}/${name}`;
        await this.#move(base, mine, path, mine.record);
        this.#index?.set(githubId, path);
        return project(githubId, path);
      }
      throw clash(`${owner}/${place.repository}`, 'is taken, and so is the name beside it');
    });
  }

  /** Null: it is not there. Ids here are those of GitHub. */
  async #findMine(base: string, githubId: GithubId, id: string): Promise<Found | null> {
    const found = await this.#findAnywhere(base, id);
    if (found !== null && found.record.githubId !== githubId) throw clash(found.path, 'is another mirror');
    return found;
  }

  /** Absolute path of a mirror's directory, wherever it stands now. */
  locate(wanted: TargetProject): Promise<string> {
    return this.#inTurn(async () => {
      const base = await this.#openFolder(false);
      const found = await this.#findAnywhere(base, wanted.id);
      if (found === null) throw new EpicstarError('target-unexpected', `'${wanted.path}' is not there any more.`);
      return join(base, found.path);
    });
  }

  /** See MirrorTarget.whereIs. */
  whereIs({ id }: TargetProject, githubId: GithubId): Promise<TargetProject | null> {
    return this.#inTurn(async () => {
      const found = await this.#findAnywhere(await this.#openFolder(false), id);
      return found?.record.githubId === githubId ? project(githubId, found.path) : null;
    });
  }

  async #findAnywhere(base: string, id: string): Promise<Found | null> {
    const githubId = /^[1-9][0-9]{0,15}$/.test(id) ? Number(id) : null;
    return githubId === null ? null : await this.#find(base, githubId, true, new AbortController().signal);
  }

  #inTurn<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#last.then(task, task);
    this.#last = result.catch(() => undefined);
    return result;
  }

  /** @param taken path of what is not ours and may be taken over; null: nothing may */
  async #ensure(
    wanted: ProjectWanted,
    isKnown: boolean,
    taken: string | null,
    signal: AbortSignal,
  ): Promise<EnsuredProject | Foreign> {
    const { githubId } = wanted;
    const base = await this.#openFolder(!isKnown);
    const home = placeOf(wanted.fullName, githubId);
    const record = recordOf(wanted);
    const mine = await this.#find(base, githubId, isKnown, signal);
    throwIfAborted(signal);
    const owner = await this.#openOwner(base, home);
    const adopt = async ({ path, record: before }: Found): Promise<EnsuredProject> => {
      await updateRecord(this.#disk, join(base, path), before, record);
      this.#index?.set(githubId, path);
      return { project: project(githubId, path), how: 'adopted', movedFrom: null };
    };
    let path = `${owner}/${home.repository}`;
    if (mine !== null && mine.path === path) return await adopt(mine);
    let way = await this.#makeWay(base, owner, home.repository, githubId, mine?.path ?? null);
    if (way.foreign !== null && this.#clash === 'rename') {
      const beside = asideRepository(home.repository, githubId);
      path = `${owner}/${beside}`;
      if (mine !== null && isSameName(mine.path, path)) return await adopt(mine);
      way = await this.#makeWay(base, owner, beside, githubId, mine?.path ?? null);
    }
    if (way.foreign !== null) {
      // One that has a mirror elsewhere would have two.
      const isTaken = way.foreign.path === taken && way.foreign.isBare && mine === null;
      if (!isTaken) return mine === null ? way.foreign : { ...way.foreign, isBare: false };
      await writeRecord(this.#disk, join(base, taken), { ...record, isTakenOver: true });
      this.#index?.set(githubId, taken);
      this.#log.info('took over a repository in the folder', { path: taken, githubId });
      return { project: project(githubId, taken), how: 'adopted', movedFrom: null };
    }
    if (mine === null && way.mine !== null) return await adopt(way.mine);
    if (mine === null) await this.#create(base, path, record);
    else await this.#move(base, mine, path, record);
    this.#index?.set(githubId, path);
    const how = mine === null ? 'created' : 'adopted';
    return { project: project(githubId, path), how, movedFrom: mine?.path ?? null };
  }

  /**
   * The folder without links. A missing folder may be a disk that is not plugged in: it is made only for a new mirror,
   * inside a directory that exists, and never if it was seen before.
   */
  async #openFolder(mayCreate: boolean): Promise<string> {
    let base: string;
    try {
      base = await this.#disk.realpath(this.#folder);
    } catch (error) {
      if (errorCode(error) !== 'ENOENT' || !mayCreate || this.#wasThere) throw error;
      await this.#disk.mkdir(this.#folder);
      base = await this.#disk.realpath(this.#folder);
    }
    this.#wasThere = true;
    return base;
  }

  async #find(base: string, githubId: GithubId, isKnown: boolean, signal: AbortSignal): Promise<Found | null> {
    this.#index ??= await this.#scan(base, signal);
    const first = await this.#readAt(base, githubId, this.#index.get(githubId));
    if (first !== null || (!isKnown && !this.#index.has(githubId))) return first;
    this.#index = await this.#scan(base, signal);
    return await this.#readAt(base, githubId, this.#index.get(githubId));
  }

  async #readAt(base: string, githubId: GithubId, path: string | undefined): Promise<Found | null> {
    if (path === undefined || (await this.#kindOf(base, path)) !== 'directory') return null;
    const record = await readRecord(this.#disk, join(base, path));
    return record?.githubId === githubId ? { path, record } : null;
  }

  /** Of two with one id (somebody copied a directory) the one whose path fits its record, else the first by name. */
  async #scan(base: string, signal: AbortSignal): Promise<Map<GithubId, string>> {
    const index = new Map<GithubId, string>();
    await this.#ours(() => removeLeftovers(this.#disk, base), undefined);
    for (const owner of await this.#directories(base)) {
      throwIfAborted(signal);
      for (const repository of await this.#ours(() => this.#directories(join(base, owner)), [])) {
        if (!/\.git$/i.test(repository)) continue;
        const path = `${owner}/${repository}`;
        const record = await this.#ours(() => readRecord(this.#disk, join(base, path)), null);
        if (record === null) continue;
        const fits = path.toLowerCase() === `${record.fullName}.git`.toLowerCase();
        if (fits || !index.has(record.githubId)) index.set(record.githubId, path);
      }
    }
    return index;
  }

  /** What may not be read is not ours: `lost+found` and the like. */
  async #ours<T>(read: () => Promise<T>, otherwise: T): Promise<T> {
    try {
      return await read();
    } catch (error) {
      if (['EACCES', 'EPERM'].includes(errorCode(error) ?? '')) return otherwise;
      throw error;
    }
  }

  async #directories(dir: string): Promise<readonly string[]> {
    const entries = await this.#disk.readdir(dir, { withFileTypes: true });
    const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
    return names.filter((name) => !name.startsWith(draftPrefix)).sort();
  }

  /** The owner's directory as it is spelled, made where it is missing. */
  async #openOwner(base: string, place: Place): Promise<string> {
    const owner = (await this.#spelling(base, place.owner)) ?? place.owner;
    const kind = await entryKind(this.#disk, join(base, owner));
    if (kind === 'missing') await this.#disk.mkdir(join(base, owner));
    else if (kind !== 'directory') throw clash(owner, 'is not a directory');
    return owner;
  }

  /** How a name is spelled in a directory, if it is there in any case. */
  async #spelling(dir: string, name: string): Promise<string | null> {
    if ((await entryKind(this.#disk, join(dir, name))) === 'missing') {
      const names = await this.#disk.readdir(dir);
      return names.find((other) => isSameName(other, name)) ?? null;
    }
    // A disk without regard to case says yes to any spelling.
    const names = await this.#disk.readdir(dir);
    return names.includes(name) ? name : (names.find((other) => isSameName(other, name)) ?? name);
  }

  /** Sets a former holder of a place aside. */
  async #makeWay(base: string, owner: string, name: string, githubId: GithubId, moving: string | null): Promise<Way> {
    const repository = await this.#spelling(join(base, owner), name);
    if (repository === null) return free;
    const path = `${owner}/${repository}`;
    if (path === moving) return free;
    if ((await this.#kindOf(base, path)) !== 'directory') {
      return { mine: null, foreign: { path, why: 'is not a directory', isBare: false } };
    }
    const record = await readRecord(this.#disk, join(base, path));
    if (record === null) {
      const isBare = await isBareRepository(this.#disk, join(base, path));
      return { mine: null, foreign: { path, why: 'has no epicstar.json of ours', isBare } };
    }
    if (record.githubId === githubId && moving === null) return { mine: { path, record }, foreign: null };
    const aside = asideRepository(repository, record.githubId);
    if (isSameName(aside, repository) || (await this.#spelling(join(base, owner), aside)) !== null) {
      throw clash(`${owner}/${aside}`, 'is in the way of a mirror that has to be set aside');
    }
    await this.#disk.rename(join(base, path), join(base, owner, aside));
    this.#log.info('set a mirror aside whose name belongs to another repository now', { from: path, to: aside });
    if (this.#index?.get(record.githubId) === path) this.#index.set(record.githubId, `${owner}/${aside}`);
    return free;
  }

  /** Made beside the owners and renamed into place whole, so that a crash leaves no half repository there. */
  async #create(base: string, path: string, record: MirrorRecord): Promise<void> {
    const draft = join(base, `${draftPrefix}${record.githubId}`);
    await this.#disk.rm(draft, { recursive: true, force: true });
    try {
      await writeEmptyRepository(this.#disk, draft, record);
      await this.#disk.rename(draft, join(base, path));
    } catch (error) {
      await this.#disk.rm(draft, { recursive: true, force: true });
      throw error;
    }
    this.#log.info('created a mirror in the folder', { path, githubId: record.githubId });
  }

  async #move(base: string, mine: Found, path: string, record: MirrorRecord): Promise<void> {
    await this.#disk.rename(join(base, mine.path), join(base, path));
    await updateRecord(this.#disk, join(base, path), mine.record, record);
    await this.#removeIfEmpty(join(base, dirname(mine.path)));
    this.#log.info('moved a mirror in the folder', { from: mine.path, to: path });
  }

  async #removeIfEmpty(dir: string): Promise<void> {
    try {
      await this.#disk.rmdir(dir);
    } catch (error) {
      if (!['ENOTEMPTY', 'EEXIST', 'ENOENT', 'EACCES', 'EPERM', 'EBUSY'].includes(errorCode(error) ?? '')) throw error;
      this.#log.debug('left an owner directory', { name: basename(dir) });
    }
  }

  /** Kind of a mirror's directory; `other` where its owner is not a real directory. */
  async #kindOf(base: string, path: string): Promise<string> {
    const ownerKind = await entryKind(this.#disk, join(base, dirname(path)));
    return ownerKind === 'directory' ? await entryKind(this.#disk, join(base, path)) : 'other';
  }
}

function project(githubId: GithubId, path: string): TargetProject {
  return { id: String(githubId), path, webUrl: null };
}

function clashOf({ path, why }: Foreign): EpicstarError {
  return clash(path, why);
}

function clash(path: string, why: string): EpicstarError {
  return new EpicstarError('target-name-clash', `'${path}' ${why}.`);
}

function throwIfAborted(signal: AbortSignal): void {
  if (signal.aborted) throw new EpicstarError('cancelled', '', { cause: signal.reason });
}
