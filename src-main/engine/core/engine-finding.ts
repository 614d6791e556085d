/** @file The mirrors that the target holds already: found once for each place by itself, and whenever a person asks. */
import type { FoundReport } from './engine-api.ts';
import { EngineMirrors } from './engine-mirrors.ts';
import type { EngineParts } from './engine-parts.ts';
import { MirrorFinder } from './mirror-finder.ts';
import type { SelectionKeeper } from './selection-keeper.ts';
import { placeKeyOf } from './target-memory.ts';

export abstract class EngineFinding extends EngineMirrors {
  protected readonly finder: MirrorFinder;

  constructor(parts: EngineParts) {
    super(parts);
    this.finder = new MirrorFinder({
      ...parts,
      place: placeKeyOf(parts),
      isHeld: () => this.isHeld(),
      archive: (githubIds, at) => this.selection.archive(githubIds, at),
      onFound: () => this.mirrorsFound(),
    });
  }

  findMirrors(signal: AbortSignal): Promise<FoundReport> {
    return this.finder.find(this.untilEnd(signal));
  }

  protected abstract readonly selection: SelectionKeeper;
  /** Rows came or changed. */
  protected abstract mirrorsFound(): void;
}
