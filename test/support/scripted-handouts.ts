/** @file The scripted engine's part about bundles, pushes elsewhere and the cost of old tips: what a test put there. */
import type { BundleFile, Handout, KeptCost, KeptTotals, OtherAddress } from '../../src-main/engine/core/engine-api.ts';

const blank = { step: null, git: null, error: null, bundle: null, push: null } as const;

export class ScriptedHandouts {
  /** By id; a test changes them as the work would. */
  readonly handouts = new Map<string, Handout>();
  readonly bundleFiles = new Map<string, BundleFile>();
  readonly keptCosts = new Map<number, KeptCost>();
  readonly pushes: OtherAddress[] = [];
  cloneUrl: string | null = 'https://onedev.example/github/owner/name';
  totalsOfKept: KeptTotals = { mirrors: 0, refs: 0, bytes: 0, unmeasured: 0 };
  /** Thrown by the next begin, once. */
  handoutFailure: Error | null = null;

  keptCost(githubId: number): Promise<KeptCost | null> {
    return Promise.resolve(this.keptCosts.get(githubId) ?? null);
  }

  keptTotals(): Promise<KeptTotals> {
    return Promise.resolve(this.totalsOfKept);
  }

  cloneAddress(): Promise<string | null> {
    return Promise.resolve(this.cloneUrl);
  }

  async handOutBundle(githubId: number, withKept: boolean): Promise<Handout> {
    return this.#begin('bundle', githubId, withKept);
  }

  async handOutPush(githubId: number, other: OtherAddress, withKept: boolean): Promise<Handout> {
    this.pushes.push(other);
    return this.#begin('push', githubId, withKept);
  }

  handout(id: string): Promise<Handout | null> {
    return Promise.resolve(this.handouts.get(id) ?? null);
  }

  handoutsOf(githubId: number): Promise<readonly Handout[]> {
    const handouts = [...this.handouts.values()].filter((handout) => handout.githubId === githubId);
    return Promise.resolve(handouts.toReversed());
  }

  endHandout(id: string): Promise<boolean> {
    const handout = this.handouts.get(id);
    this.bundleFiles.delete(id);
    if (handout === undefined) return Promise.resolve(false);
    if (handout.state === 'working') this.changeHandout(id, { state: 'cancelled', git: null });
    else this.handouts.delete(id);
    return Promise.resolve(true);
  }

  bundleFile(id: string): Promise<BundleFile | null> {
    return Promise.resolve(this.bundleFiles.get(id) ?? null);
  }

  changeHandout(id: string, change: Partial<Handout>): void {
    const handout = this.handouts.get(id);
    if (handout !== undefined) this.handouts.set(id, { ...handout, ...change });
  }

  #begin(kind: Handout['kind'], githubId: number, withKept: boolean): Handout {
    const failure = this.handoutFailure;
    this.handoutFailure = null;
    if (failure !== null) throw failure;
    const id = `handout-${this.handouts.size + 1}`;
    const handout: Handout = { id, kind, githubId, fullName: 'owner/name', withKept, state: 'working', ...blank };
    this.handouts.set(id, handout);
    return handout;
  }
}
