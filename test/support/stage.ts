/**
 * @file GitHub's stand-in with a few starred repositories, and any number of installations of the program beside it,
 * each with a data directory and a OneDev of its own. One stage serves a whole file of tests.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Github, startGithub } from '../playground/github/index.ts';
import { type Onedev, startOnedev } from '../playground/onedev/index.ts';
import { type GeneratedRepository, generateSmall, readTips } from '../playground/repositories/index.ts';
import { type Ended, Program, type ProgramEnvironment } from './program.ts';

export interface Star extends GeneratedRepository {
  readonly id: number;
}

/** A variable that is set to null is not set. */
export type EnvironmentChange = Readonly<Record<string, string | null>>;

export class Stage {
  readonly dir: string;
  readonly github: Github;
  readonly githubToken: string;
  readonly stars: readonly Star[];
  readonly #installations: Installation[] = [];
  #installed = 0;

  private constructor(dir: string, github: Github, stars: readonly Star[]) {
    this.dir = dir;
    this.github = github;
    this.stars = stars;
    this.githubToken = github.addToken();
  }

  /** @param count how many small repositories are starred, the last one last */
  static async start(count = 3): Promise<Stage> {
    const dir = await mkdtemp(join(tmpdir(), 'epicstar-stage-'));
    const [github, generated] = await Promise.all([startGithub(), generateSmall(join(dir, 'upstream'), count)]);
    const stars = generated.map((one) => ({ ...one, id: github.world.addRepository(one) }));
    for (const { id } of stars) github.world.star(id);
    return new Stage(dir, github, stars);
  }

  /** Ends what a test left running, and the stand-ins. */
  async close(): Promise<void> {
    await Promise.all(this.#installations.map((installation) => installation.close()));
    await this.github.close();
    await rm(this.dir, { recursive: true, force: true });
  }

  /** The star at this place; negative ones count from the end. */
  star(index: number): Star {
    const star = this.stars.at(index);
    if (star === undefined) throw new Error(`the stage has no star ${index}`);
    return star;
  }

  /** Adds one more starred repository. */
  add(generated: GeneratedRepository): Star {
    const id = this.github.world.addRepository(generated);
    this.github.world.star(id);
    return { ...generated, id };
  }

  async install(change: EnvironmentChange = {}): Promise<Installation> {
    this.#installed += 1;
    const dir = join(this.dir, `installation-${this.#installed}`);
    const onedev = await startOnedev({ dataDir: join(dir, 'onedev') });
    const installation = new Installation(dir, onedev, {
      EPICSTAR_DATA_DIR: join(dir, 'data'),
      EPICSTAR_GITHUB_API_URL: this.github.apiUrl,
      EPICSTAR_GITHUB_TOKEN: this.githubToken,
      EPICSTAR_ONEDEV_URL: onedev.url,
      EPICSTAR_ONEDEV_TOKEN: onedev.adminToken,
      ...change,
    });
    this.#installations.push(installation);
    return installation;
  }
}

export class Installation {
  readonly dir: string;
  readonly onedev: Onedev;
  readonly #env: EnvironmentChange;
  readonly #programs: Program[] = [];

  constructor(dir: string, onedev: Onedev, env: EnvironmentChange) {
    this.dir = dir;
    this.onedev = onedev;
    this.#env = env;
  }

  get dataDir(): string {
    return join(this.dir, 'data');
  }

  /** @param input as of {@link Program} */
  start(args: readonly string[], change: EnvironmentChange = {}, input: string | null = ''): Program {
    const program = new Program(args, this.environment(change), input);
    this.#programs.push(program);
    return program;
  }

  run(args: readonly string[], change: EnvironmentChange = {}, input = ''): Promise<Ended> {
    return this.start(args, change, input).ended;
  }

  environment(change: EnvironmentChange = {}): ProgramEnvironment {
    const merged = Object.entries({ ...this.#env, ...change });
    return Object.fromEntries(merged.flatMap(([name, value]) => (value === null ? [] : [[name, value]])));
  }

  /** Bare repository of a mirror on its OneDev. */
  mirrorDir(fullName: string, root = 'github'): string {
    const project = this.onedev.world.findByPath(`${root}/${fullName}`);
    if (project === undefined) throw new Error(`no project ${root}/${fullName}`);
    return this.onedev.repositoryDir(project);
  }

  /** Branches and tags of a mirror; the same as upstream's when all is well. */
  mirrorTips(fullName: string, root = 'github'): Promise<Record<string, string>> {
    return readTips(this.mirrorDir(fullName, root));
  }

  /** All that was logged to the file so far; empty before the first line. */
  async logText(): Promise<string> {
    return readFile(join(this.dataDir, 'logs', 'epicstar.1.log'), 'utf8');
  }

  /** Asks all programs that still run to end, and waits for it. */
  async stopAll(): Promise<void> {
    await Promise.all(this.#programs.filter(({ isOver }) => !isOver).map((program) => program.stop()));
  }

  async close(): Promise<void> {
    await Promise.all(this.#programs.map((program) => program.kill()));
    await this.onedev.close();
  }
}
