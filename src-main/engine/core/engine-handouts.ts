/** @file What a person takes out of named mirrors, and what is kept in them: bundles, pushes elsewhere, old tips' cost. */
import { EpicstarError } from '../domain/errors.ts';
import type { GithubId } from '../domain/repository.ts';
import type { OtherAddress } from '../ports/other-remote.ts';
import type { RepositoryRecord } from '../ports/store.ts';
import type { KeptCost, KeptTotals } from '../ports/store-kept.ts';
import type { EngineParts } from './engine-parts.ts';
import { EngineReads } from './engine-reads.ts';
import { type BundleFile, type Handout, Handouts } from './handouts.ts';
import { type BundleMade, bundleMirror, type CopyCall, type PushedMirror, pushMirror } from './mirror-copy.ts';

export abstract class EngineHandouts extends EngineReads {
  readonly #parts: EngineParts;
  protected readonly handouts: Handouts;

  constructor(parts: EngineParts) {
    super(parts);
    this.#parts = parts;
    this.handouts = new Handouts(parts);
  }

  async handOutBundle(githubId: GithubId, withKept: boolean): Promise<Handout> {
    return this.handouts.bundle(await this.known(githubId), withKept);
  }

  async handOutPush(githubId: GithubId, other: OtherAddress, withKept: boolean): Promise<Handout> {
    return this.handouts.push(await this.known(githubId), other, withKept);
  }

  handout(id: string): Promise<Handout | null> {
    return Promise.resolve(this.handouts.get(id));
  }

  handoutsOf(githubId: GithubId): Promise<readonly Handout[]> {
    return Promise.resolve(this.handouts.of(githubId));
  }

  endHandout(id: string): Promise<boolean> {
    return Promise.resolve(this.handouts.end(id));
  }

  bundleFile(id: string): Promise<BundleFile | null> {
    return Promise.resolve(this.handouts.file(id));
  }

  async bundleTo(githubId: GithubId, file: string, withKept: boolean, call: CopyCall): Promise<BundleMade> {
    const signal = this.untilEnd(call.signal);
    return await bundleMirror(this.#parts, await this.known(githubId), { file, withKept }, { ...call, signal });
  }

  async pushTo(githubId: GithubId, other: OtherAddress, withKept: boolean, call: CopyCall): Promise<PushedMirror> {
    const { readOtherRemote } = this.#parts;
    if (readOtherRemote === undefined) throw new EpicstarError('config-invalid', 'There are no other remotes here.');
    const remote = readOtherRemote(other, true);
    const signal = this.untilEnd(call.signal);
    return await pushMirror(this.#parts, await this.known(githubId), { remote, withKept }, { ...call, signal });
  }

  /** Where git clones the mirror from; null: there is no mirror. Rejects as the target does. */
  async cloneAddress(githubId: GithubId): Promise<string | null> {
    const { mirror } = await this.known(githubId);
    if (mirror === null) return null;
    const { projectId: id, projectPath: path, projectUrl: webUrl } = mirror;
    return (await this.#parts.target.remote({ id, path, webUrl })).url;
  }

  keptCost(githubId: GithubId): Promise<KeptCost | null> {
    return this.#parts.store.keptCost(githubId);
  }

  keptTotals(): Promise<KeptTotals> {
    return this.#parts.store.keptTotals();
  }

  protected async known(githubId: GithubId): Promise<RepositoryRecord> {
    const repository = await this.#parts.store.repository(githubId);
    if (repository === null) throw new EpicstarError('config-invalid', `No repository has the GitHub id ${githubId}.`);
    return repository;
  }
}
