/**
 * @file The pusher against a model of a git server: directory/file conflicts, a HEAD that cannot be deleted, leases, and
 * a hook that loses a whole push for one name. From any state of both ends it gets to equality, or ends with an error
 * and nothing lost.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PlanPusher, type PushSummary } from '../../../src-main/engine/core/plan-pusher.ts';
import { PushLanes } from '../../../src-main/engine/core/push-lanes.ts';
import { EpicstarError } from '../../../src-main/engine/domain/errors.ts';
import { compareRefs, isSame, keptRefName, keptRefPrefix, planMirror } from '../../../src-main/engine/domain/plan.ts';
import type { Git, PeeledType, PushCommand, PushRejection, PushResult } from '../../../src-main/engine/ports/git.ts';
import type { MirrorTarget } from '../../../src-main/engine/ports/mirror-target.ts';
import { realClock } from '../../support/real-clock.ts';

const prefix = keptRefPrefix(Date.UTC(2026, 0, 1));
const unfitByTarget = (ref: string): string | null => (ref.includes('+') ? 'a plus' : null);
/** A name that only trying shows to be unfit. */
const chokes = (ref: string): boolean => ref.includes('~') && !ref.startsWith('refs/epicstar/');

class ServerModel {
  readonly refs: Map<string, string>;
  head: string | null;
  readonly order: string[] = [];
  /** Whether some tip ever left without standing elsewhere. */
  lostTip: string | null = null;
  readonly #mainWins: boolean;

  constructor(refs: ReadonlyMap<string, string>, head: string | null, mainWins: boolean) {
    this.refs = new Map(refs);
    this.head = head;
    this.#mainWins = mainWins;
  }

  push(commands: readonly PushCommand[]): PushResult {
    if (commands.some(({ ref }) => chokes(ref))) {
      const rejected = commands.map(({ ref }) => ({ ref, reason: 'pre-receive hook declined' }));
      return { accepted: [], rejected, output: 'curl: (22) The requested URL returned error: 500', bytesSent: 0 };
    }
    const rejected: PushRejection[] = [];
    const branches: string[] = [];
    const wasEmpty = this.head === null;
    for (const command of commands) {
      const refusal = this.#refusal(command);
      if (refusal !== null) {
        rejected.push({ ref: command.ref, reason: refusal });
        continue;
      }
      this.order.push(command.ref);
      this.#apply(command);
      if (command.ref.startsWith('refs/heads/') && command.oid !== null) branches.push(command.ref.slice(11));
    }
    if (wasEmpty) this.head = automatic(branches, this.#mainWins);
    const refused = new Set(rejected.map(({ ref }) => ref));
    const accepted = commands.filter(({ ref }) => !refused.has(ref)).map(({ ref }) => ref);
    return { accepted, rejected, output: '', bytesSent: 1 };
  }

  #refusal({ ref, oid, expect: lease }: PushCommand): string | null {
    if ((this.refs.get(ref) ?? null) !== lease) return 'stale info';
    if (oid === null) return ref === `refs/heads/${this.head}` ? 'deletion of the current branch prohibited' : null;
    const inTheWay = [...this.refs.keys()].some((other) => other.startsWith(`${ref}/`) || ref.startsWith(`${other}/`));
    return inTheWay ? 'failed to update ref' : null;
  }

  #apply({ ref, oid }: PushCommand): void {
    const old = this.refs.get(ref);
    if (oid === null) this.refs.delete(ref);
    else this.refs.set(ref, oid);
    // Fast-forwards keep their old tip in the history of the new one; here none is taken for one.
    if (old !== undefined && old !== oid && ![...this.refs.values()].includes(old)) this.lostTip = old;
  }
}

function automatic(branches: readonly string[], mainWins: boolean): string | null {
  if (mainWins && branches.includes('main')) return 'main';
  return branches.at(-1) ?? null;
}

async function pushAll(
  source: ReadonlyMap<string, string>,
  server: ServerModel,
  wantedHead: string | null,
  options: { readonly batch: number; readonly special: ReadonlySet<string>; readonly mainWins: boolean },
): Promise<PushSummary> {
  const plan = planMirror(compareRefs(source, server.refs, unfitByTarget), new Set(), prefix);
  const git: Pick<Git, 'push' | 'peeledTypes' | 'missingObjects' | 'packBytes'> = {
    push: (_cache, _remote, commands) => Promise.resolve(server.push(commands)),
    peeledTypes: (_cache, oids) =>
      Promise.resolve(
        new Map(oids.map((oid): [string, PeeledType] => [oid, options.special.has(oid) ? 'tree' : 'commit'])),
      ),
    missingObjects: () => Promise.resolve(new Set<string>()),
    packBytes: () => Promise.resolve(1),
  };
  const target: Pick<MirrorTarget, 'automaticDefault' | 'setDefaultBranch'> = {
    automaticDefault: (branches) => automatic(branches, options.mainWins),
    setDefaultBranch: (_project, branch) => {
      if (!server.refs.has(`refs/heads/${branch}`)) throw new EpicstarError('target-unexpected', `no branch ${branch}`);
      server.head = branch;
      return Promise.resolve();
    },
  };
  const pusher = new PlanPusher({
    git: git as Git,
    target: target as MirrorTarget,
    lanes: new PushLanes(4),
    limits: { refsPerPush: options.batch, smallPackBytes: 10, smallPushesAtOnce: 4 },
    cache: { dir: '/nowhere' },
    remote: { url: 'http://127.0.0.1/x', transport: 'http', authorization: null },
    project: { id: '1', path: 'x', webUrl: null },
    call: { signal: new AbortController().signal },
    clock: realClock,
    onPart: () => undefined,
  });
  return pusher.push(plan, { targetRefs: new Map(server.refs), targetHead: server.head, wantedHead, cacheBytes: 100 });
}

const oid = (digit: string): string => digit.repeat(40);
const names = ['main', 'trunk', 'keep', 'keep/sub', 'keep/sub/deep', 'topic', 'a+b', 'c~d', 'topic/x'];

/** A state that a git repository can be in: no ref is a folder of another. */
const refsOf = (kinds: readonly string[], digits: readonly string[]): fc.Arbitrary<Map<string, string>> =>
  fc
    .array(fc.tuple(fc.constantFrom(...kinds), fc.constantFrom(...names), fc.constantFrom(...digits)), { maxLength: 8 })
    .map((entries) => {
      const refs = new Map<string, string>();
      for (const [kind, name, digit] of entries) {
        const ref = `refs/${kind}/${name}`;
        if ([...refs.keys()].every((other) => !other.startsWith(`${ref}/`) && !ref.startsWith(`${other}/`))) {
          refs.set(ref, oid(digit));
        }
      }
      return refs;
    });

const branchesOf = (refs: ReadonlyMap<string, string>): readonly string[] =>
  [...refs.keys()].filter((ref) => ref.startsWith('refs/heads/')).map((ref) => ref.slice(11));

describe('pushing a plan', () => {
  it('leads any pair of ends to equality, or ends with an error and nothing lost', async () => {
    let ended = 0;
    let equal = 0;
    await fc.assert(
      fc.asyncProperty(
        refsOf(['heads', 'tags'], ['1', '2', '3', '4']),
        // What only trying shows to be unfit is never in the target.
        refsOf(['heads', 'tags'], ['5', '6', '7', '1']).map(
          (refs) => new Map([...refs].filter(([ref]) => !chokes(ref))),
        ),
        fc.nat(10),
        fc.boolean(),
        fc.constantFrom(1, 2, 3, 500),
        async (source, target, headPick, mainWins, batch) => {
          const heads = branchesOf(target).filter((name) => unfitByTarget(name) === null);
          const server = new ServerModel(target, heads[headPick % Math.max(heads.length, 1)] ?? null, mainWins);
          const fit = branchesOf(source).filter((name) => !name.includes('+') && !name.includes('~'));
          const wanted = fit[headPick % Math.max(fit.length, 1)] ?? null;
          // An upstream without branches is not followed at all; the mirror run sees to that before.
          fc.pre(wanted !== null);
          const before = new Set(target.values());
          try {
            const { refused } = await pushAll(source, server, wanted, {
              batch,
              special: new Set([oid('4')]),
              mainWins,
            });
            const left = new Set(refused.map(({ ref }) => ref));
            expect([...left].every(chokes)).toBe(true);
            const fitness = (ref: string): string | null => (left.has(ref) ? 'refused' : unfitByTarget(ref));
            expect(isSame(compareRefs(source, server.refs, fitness))).toBe(true);
            // Kept under their own names, whatever else still holds them.
            for (const [ref, old] of target) {
              if (fitness(ref) !== null || server.refs.get(ref) === old) continue;
              expect(server.refs.get(keptRefName(prefix, ref)), ref).toBe(old);
            }
            const isFirst = heads.length === 0 && wanted !== null && !left.has(`refs/heads/${wanted}`);
            if (isFirst) expect(server.head).toBe(wanted);
            if (server.head !== null) expect([...server.refs.keys()]).toContain(`refs/heads/${server.head}`);
            expect([...server.refs.keys()].filter((ref) => ref.includes('interim'))).toEqual([]);
            equal += 1;
          } catch (error) {
            expect(error).toMatchObject({ code: 'git-push-rejected' });
            ended += 1;
          }
          expect(server.lostTip).toBeNull();
          const held = new Set(server.refs.values());
          for (const tip of before) expect(held.has(tip)).toBe(true);
        },
      ),
      { numRuns: 2_000 },
    );
    // Errors are for what cannot be done: every branch stands in the way of every other.
    expect(equal).toBeGreaterThan(20 * ended);
  });

  it('sends the default branch alone and first where the server would choose another', async () => {
    const source = new Map([
      ['refs/heads/main', oid('1')],
      ['refs/heads/trunk', oid('2')],
      ['refs/tags/v1', oid('1')],
    ]);
    const server = new ServerModel(new Map(), null, true);
    await pushAll(source, server, 'trunk', { batch: 500, special: new Set(), mainWins: true });
    expect(server.order[0]).toBe('refs/heads/trunk');
    expect(server.head).toBe('trunk');
  });

  it('keeps tags of trees for the end, and deletes for last', async () => {
    const source = new Map([
      ['refs/tags/a-tree', oid('9')],
      ['refs/heads/main', oid('1')],
      ['refs/tags/v1', oid('1')],
    ]);
    const server = new ServerModel(
      new Map([
        ['refs/heads/main', oid('2')],
        ['refs/heads/old', oid('3')],
      ]),
      'main',
      true,
    );
    await pushAll(source, server, 'main', { batch: 500, special: new Set([oid('9')]), mainWins: true });
    expect(server.order).toEqual([
      `${prefix}/heads/main`,
      `${prefix}/heads/old`,
      'refs/heads/main',
      'refs/tags/v1',
      'refs/tags/a-tree',
      'refs/heads/old',
    ]);
  });

  it('takes a server that fails for another reason for what it is', async () => {
    const server = new ServerModel(new Map(), null, true);
    server.push = (commands) => ({
      accepted: [],
      rejected: commands.map(({ ref }) => ({ ref, reason: 'pre-receive hook declined' })),
      output: 'curl: (22) The requested URL returned error: 500',
      bytesSent: 0,
    });
    const source = new Map([
      ['refs/heads/main', oid('1')],
      ['refs/heads/x', oid('2')],
    ]);
    await expect(
      pushAll(source, server, 'main', { batch: 500, special: new Set(), mainWins: true }),
    ).rejects.toMatchObject({
      code: 'git-push-rejected',
    });
  });
});
