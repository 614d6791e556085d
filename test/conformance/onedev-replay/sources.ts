/** @file Small local repositories of the shapes that the recorded git commands push from. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Player } from './player.ts';

export class Source {
  readonly dir: string;
  readonly #player: Player;
  /** Every commit is a minute younger than the one before. */
  #commits = 0;

  constructor(player: Player, dir: string) {
    this.#player = player;
    this.dir = dir;
  }

  /** A new repository with a chain of commits on `main`. */
  static async create(player: Player, name: string, commits = 6): Promise<Source> {
    const source = new Source(player, join(player.dir, `source-${name}`));
    await mkdir(source.dir, { recursive: true });
    await source.git('init', '-q', '-b', 'main');
    await source.git('config', 'user.name', 'A');
    await source.git('config', 'user.email', 'a@example.com');
    for (let index = 0; index < commits; index += 1) {
      await source.commit(`${name} ${index}`);
    }
    return source;
  }

  async git(...args: readonly string[]): Promise<string> {
    const date = `${1_700_000_000 + this.#commits * 60} +0000`;
    const result = await this.#player.run(args, this.dir, null, { GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date });
    if (result.status !== 0) {
      throw new Error(`git ${args.join(' ')}: ${result.stderr}`);
    }
    return result.stdout.trim();
  }

  async commit(text: string): Promise<void> {
    this.#commits += 1;
    await writeFile(join(this.dir, 'file.txt'), `${text}\n`);
    await this.git('add', 'file.txt');
    await this.git('commit', '-q', '-m', text);
  }

  /** Many refs at once, written as packed refs to one commit. */
  async packRefs(names: readonly string[]): Promise<void> {
    const tip = await this.git('rev-parse', 'HEAD');
    const sorted = ['refs/heads/main', ...names].toSorted((a, b) => (a < b ? -1 : 1));
    const lines = sorted.map((name) => `${tip} ${name}`);
    await writeFile(join(this.dir, '.git', 'packed-refs'), `# pack-refs with: sorted \n${lines.join('\n')}\n`);
  }
}
