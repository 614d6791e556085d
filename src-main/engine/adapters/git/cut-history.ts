/** @file Where a history can be cut into pieces of a size. Must not know what the pieces are for. */
import { PassThrough } from 'node:stream';
import type { GitCache, GitCall } from '../../ports/git.ts';
import type { HistoryPoint } from '../../ports/git-slices.ts';
import type { GitCalls } from './calls.ts';
import { checkedOid } from './text.ts';

/**
 * [Note: one pass] `rev-list` names each commit after all of its parents, and what is new in it right behind it;
 * `cat-file` weighs each object as it is named. The names go from one to the other without being looked at here.
 */
export async function cutHistory(
  calls: GitCalls,
  cache: GitCache,
  asked: { readonly wants: readonly string[]; readonly haves: readonly string[]; readonly bytes: number },
  call: GitCall,
): Promise<readonly HistoryPoint[]> {
  const ends = new AbortController();
  const signal = AbortSignal.any([call.signal, ends.signal]);
  const names = new PassThrough();
  const cutter = new Cutter(asked.bytes);
  const input = [...asked.wants.map(checkedOid), ...asked.haves.map((oid) => `^${checkedOid(oid)}`)];
  const order = ['--topo-order', '--reverse', '--parents', '--objects', '--in-commit-order', '--no-object-names'];
  const failures: unknown[] = [];
  /** One that failed leaves the other without anybody to read from or to write to. */
  const endBoth = (error: unknown): void => {
    failures.push(error);
    ends.abort();
    names.destroy();
  };
  names.on('error', () => undefined);
  await Promise.all([
    calls
      .succeed({
        args: ['rev-list', ...order, '--stdin'],
        cache,
        call: { signal },
        input: `${input.join('\n')}\n`,
        output: names,
      })
      .catch(endBoth),
    calls
      .succeed({
        args: ['cat-file', '--buffer', '--batch-check=%(objectsize:disk) %(objecttype) %(objectname) %(rest)'],
        cache,
        call: { signal },
        input: names,
        isLong: true,
        onLine: (line) => cutter.take(line),
      })
      .catch(endBoth),
  ]);
  if (failures.length > 0) throw failures[0];
  return cutter.end();
}

const isCommit = /^(\d+) commit ([0-9a-f]{40,64})((?: [0-9a-f]{40,64})*) ?$/;

class Cutter {
  readonly #most: number;
  readonly #points: HistoryPoint[] = [];
  /** Commits of which no child has come yet. */
  readonly #tips = new Set<string>();
  /** Since the last point, without the commit that is just coming. */
  #bytes = 0;
  #commit: { readonly oid: string; readonly parents: readonly string[]; bytes: number } | null = null;

  constructor(most: number) {
    this.#most = most;
  }

  take(line: Buffer): void {
    const text = line.toString('latin1');
    const found = isCommit.exec(text);
    if (found === null) {
      const bytes = Number.parseInt(text, 10) || 0;
      if (this.#commit === null) this.#bytes += bytes;
      else this.#commit.bytes += bytes;
      return;
    }
    this.#close();
    const [, bytes, oid = '', parents = ''] = found;
    this.#commit = { oid, parents: parents.split(' ').filter((parent) => parent !== ''), bytes: Number(bytes) };
  }

  end(): readonly HistoryPoint[] {
    this.#close();
    this.#cut();
    return this.#points;
  }

  /** All of a commit has come. */
  #close(): void {
    const commit = this.#commit;
    if (commit === null) return;
    if (this.#tips.size > 0 && this.#bytes > 0 && this.#bytes + commit.bytes > this.#most) this.#cut();
    this.#bytes += commit.bytes;
    for (const parent of commit.parents) this.#tips.delete(parent);
    this.#tips.add(commit.oid);
    this.#commit = null;
  }

  #cut(): void {
    if (this.#bytes === 0) return;
    this.#points.push({ bytes: this.#bytes, tips: [...this.#tips] });
    this.#bytes = 0;
  }
}
