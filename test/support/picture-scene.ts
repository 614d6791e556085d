/**
 * @file A lively moment of the real program for its pictures: a history of some hours, three repositories in work, some
 * in line. Names are made up, everything that happens to them is real.
 */
import { join } from 'node:path';
import { type Github, OAUTH_APP_CLIENT_ID, startGithub } from '../playground/github/index.ts';
import { startOnedev } from '../playground/onedev/index.ts';
import { createBare, importInto } from '../playground/repositories/bare-repository.ts';
import { addCommit, runGit } from '../playground/repositories/index.ts';
import { ImportStream } from '../playground/repositories/import-stream.ts';
import { SeededBytes } from '../playground/repositories/seeded-bytes.ts';
import type { Program } from './program.ts';
import { Installation } from './stage.ts';

const minuteMs = 60_000;
const lapseMs = 3 * minuteMs;

interface Wish {
  readonly fullName: string;
  readonly commits: number;
  readonly fileBytes: number;
}

const mirroredBefore: readonly Wish[] = [
  { fullName: 'ada/notes', commits: 40, fileBytes: 2_000 },
  { fullName: 'moonbase/telemetry', commits: 90, fileBytes: 9_000 },
  { fullName: 'tinkerers/clockwork', commits: 25, fileBytes: 4_000 },
  { fullName: 'tinkerers/atlas', commits: 60, fileBytes: 12_000 },
  { fullName: 'paperboat/typesetter', commits: 70, fileBytes: 8_000 },
  { fullName: 'fieldnotes/herbarium', commits: 30, fileBytes: 16_000 },
];

/** The rate makes the bars differ. */
const shownInWork: readonly (Wish & { readonly bytesPerSecond: number })[] = [
  { fullName: 'ada/engine', commits: 1_400, fileBytes: 6_000, bytesPerSecond: 500_000 },
  { fullName: 'moonbase/lander', commits: 900, fileBytes: 12_000, bytesPerSecond: 400_000 },
  { fullName: 'paperboat/editor', commits: 1_900, fileBytes: 11_000, bytesPerSecond: 300_000 },
];

const shownInLine: readonly Wish[] = [
  { fullName: 'tinkerers/loom', commits: 50, fileBytes: 30_000 },
  { fullName: 'fieldnotes/tides', commits: 120, fileBytes: 35_000 },
];

/** What their owners say of them. */
const abouts: Readonly<
  Record<string, { readonly language: string | null; readonly description: string; readonly topics: readonly string[] }>
> = {
  'ada/notes': { language: null, description: 'Notes on everything', topics: ['writing'] },
  'ada/engine': { language: 'C', description: 'An engine that weaves algebraic patterns', topics: ['simulation'] },
  'moonbase/telemetry': { language: 'Rust', description: 'Telemetry of a small base', topics: ['embedded', 'radio'] },
  'moonbase/lander': { language: 'Rust', description: 'Guidance of the lander', topics: ['embedded'] },
  'moonbase/antenna': { language: 'C', description: 'Points the dish', topics: ['radio'] },
  'tinkerers/clockwork': { language: 'Go', description: 'Timers that keep their word', topics: ['time'] },
  'tinkerers/atlas': { language: 'TypeScript', description: 'Maps for people who walk', topics: ['maps', 'offline'] },
  'tinkerers/loom': { language: 'Go', description: 'Weaves logs together', topics: ['cli'] },
  'paperboat/typesetter': { language: 'Rust', description: 'Sets text the old way', topics: ['typography'] },
  'paperboat/editor': { language: 'TypeScript', description: 'A quiet place to write', topics: ['writing'] },
  'fieldnotes/herbarium': { language: 'Python', description: 'Pressed plants and their names', topics: ['science'] },
  'fieldnotes/tides': { language: 'Python', description: 'When the water comes', topics: ['science', 'maps'] },
  'fieldnotes/songbook': { language: null, description: 'Songs for the road', topics: ['music'] },
};

/** Resolves when the row of a repository in that section of the window says this. */
export type Seen = (section: 'In line' | 'Last runs', fullName: string, words: RegExp) => Promise<void>;

export class PictureScene {
  readonly #dir: string;
  readonly #github: Github;
  readonly #installation: Installation;
  readonly #ids = new Map<string, number>();
  #started: Program | null = null;
  #lapses = 0;
  #unset: Installation | null = null;

  private constructor(dir: string, github: Github, installation: Installation) {
    this.#dir = dir;
    this.#github = github;
    this.#installation = installation;
  }

  /** @param dir a temporary folder @param onedevPort 0: any */
  static async open(dir: string, onedevPort: number): Promise<PictureScene> {
    const [github, onedev] = await Promise.all([
      startGithub(),
      startOnedev({ dataDir: join(dir, 'onedev'), port: onedevPort }),
    ]);
    const installation = new Installation(dir, onedev, {
      EPICSTAR_DATA_DIR: join(dir, 'data'),
      EPICSTAR_GITHUB_API_URL: github.apiUrl,
      EPICSTAR_GITHUB_TOKEN: github.addToken(),
      EPICSTAR_ONEDEV_URL: onedev.url,
      EPICSTAR_ONEDEV_TOKEN: onedev.adminToken,
      EPICSTAR_CONCURRENCY: '3',
      TIME_LAPSE_MS: String(lapseMs),
    });
    return new PictureScene(dir, github, installation);
  }

  /** How far the program's clock is ahead. */
  get aheadMs(): number {
    return this.#lapses * lapseMs;
  }

  /** Starts the program with its first stars. @returns the address of the window with its token */
  async start(): Promise<string> {
    for (const wish of mirroredBefore) await this.#star(wish);
    const [, address = ''] = await this.#program().waitFor(/"urlWithToken":"([^"]+)"/);
    return address;
  }

  /** Some hours: one that cannot be fetched today, a blocked one, a push, and a rewrite. */
  async playHistory(seen: Seen): Promise<void> {
    for (const { fullName } of mirroredBefore) await seen('Last runs', fullName, /^\d refs? added/);
    await this.#lapse(40);
    this.#github.faults.add({ path: '/moonbase/antenna.git/git-upload-pack', kind: 'cut', afterBytes: 2_000 });
    await this.#star({ fullName: 'moonbase/antenna', commits: 20, fileBytes: 5_000 });
    await this.#lapse(1);
    await seen('In line', 'moonbase/antenna', /tried 3 times/);
    const songbook = await this.#star({ fullName: 'fieldnotes/songbook', commits: 3, fileBytes: 100 });
    this.#github.world.block(songbook, 'dmca');
    await this.#lapse(1);
    await seen('Last runs', 'fieldnotes/songbook', /blocked/);
    await addCommit(this.#bareDir('ada/notes'), 'main', 'A note');
    this.#pushed('ada/notes');
    await this.#lapse(1);
    await seen('Last runs', 'ada/notes', /1 ref updated/);
    const typesetter = this.#bareDir('paperboat/typesetter');
    await runGit(typesetter, ['update-ref', 'refs/heads/main', 'refs/heads/main~3']);
    await addCommit(typesetter, 'main', 'Another history');
    this.#pushed('paperboat/typesetter');
    await this.#lapse(1);
    await seen('Last runs', 'paperboat/typesetter', /old history kept/);
  }

  /** Three that take their time. */
  async starLarge(): Promise<readonly string[]> {
    for (const { bytesPerSecond, ...wish } of shownInWork) {
      this.#github.faults.add({ path: `/${wish.fullName}.git/*`, kind: 'slow-git', bytesPerSecond });
      await this.#star(wish);
    }
    return shownInWork.map(({ fullName }) => fullName);
  }

  /** Those that have to wait for them. */
  async starMore(): Promise<readonly string[]> {
    for (const wish of shownInLine) await this.#star(wish);
    return shownInLine.map(({ fullName }) => fullName);
  }

  /** The same stars and another installation on which nothing is set. @returns the address of its window */
  async startUnset(): Promise<string> {
    const dir = join(this.#dir, 'first-run');
    const installation = new Installation(dir, await startOnedev({ dataDir: join(dir, 'onedev') }), {
      EPICSTAR_DATA_DIR: join(dir, 'data'),
      EPICSTAR_GITHUB_API_URL: this.#github.apiUrl,
      EPICSTAR_GITHUB_CLIENT_ID: OAUTH_APP_CLIENT_ID,
    });
    this.#unset = installation;
    const program = installation.start(['serve', '--port', '0', '--json']);
    const [, address = ''] = await program.waitFor(/"urlWithToken":"([^"]+)"/);
    return address;
  }

  /** Where the other installation's mirrors can go. */
  get unsetOnedev(): { readonly url: string; readonly adminToken: string } {
    if (this.#unset === null) throw new Error('it was not started');
    return this.#unset.onedev;
  }

  /** What a person does on GitHub's page. */
  approveSignIn(): void {
    for (const { userCode } of this.#github.deviceFlow.pending()) this.#github.deviceFlow.approve(userCode);
  }

  async close(): Promise<void> {
    await this.#unset?.close();
    await this.#installation.close();
    await this.#github.close();
  }

  #program(): Program {
    this.#started ??= this.#installation.start(['serve', '--port', '0', '--json']);
    return this.#started;
  }

  async #lapse(times: number): Promise<void> {
    for (let lapse = 0; lapse < times; lapse += 1) {
      await this.#program().lapse();
      this.#lapses += 1;
    }
  }

  async #star({ fullName, commits, fileBytes }: Wish): Promise<number> {
    const bareDir = this.#bareDir(fullName);
    createBare(bareDir, 'main');
    const bytes = new SeededBytes(fullName);
    const stream = new ImportStream();
    for (let index = 1; index <= commits; index += 1) {
      const file = bytes.take(bytes.between(fileBytes / 2, fileBytes));
      stream.commit({ ref: 'refs/heads/main', message: `Change ${index}\n`, files: { [`src/${index % 40}`]: file } });
    }
    await importInto(bareDir, stream.chunks());
    const about = abouts[fullName] ?? { language: null, description: null, topics: [] };
    const id = this.#github.world.addRepository({ fullName, bareDir, ...about });
    this.#ids.set(fullName, id);
    this.#github.world.star(id);
    return id;
  }

  #pushed(fullName: string): void {
    this.#github.world.pushed(this.#ids.get(fullName) ?? 0);
  }

  #bareDir(fullName: string): string {
    return join(this.#dir, 'upstream', `${fullName}.git`);
  }
}
