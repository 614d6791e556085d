/** @file Where the mirrors were last time: whoever changes the target wants all of them in the new place. */
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Store } from '../ports/store.ts';
import type { EngineParts } from './engine-parts.ts';

const valueKey = 'target';

/** Names the place of the mirrors. */
export function placeKeyOf({ target, options }: Pick<EngineParts, 'target' | 'options'>): string {
  return options.targetKey ?? `${target.kind} ${target.address}`;
}

/**
 * A mirror that was proven elsewhere proves nothing here, so what was proven is forgotten and all are asked for when the
 * place differs from that of the last start.
 */
export async function noteTarget(
  parts: { readonly store: Store; readonly clock: Clock; readonly log: Log },
  place: string,
): Promise<void> {
  const { store, clock, log } = parts;
  const now = JSON.stringify(place);
  const before = await store.readValue(valueKey);
  if (before === now) return;
  if (before !== null) {
    const wanted = (await store.allRepositories()).filter(
      ({ selection, absentSince }) => selection === 'mirror' && absentSince === null,
    );
    const requests = wanted.map(({ githubId }) => ({ githubId, cause: 'new-star' as const }));
    const requested = await store.requestJobs(requests, clock.now());
    // The place is written last: a crash before lets the next start do all of this again.
    const forgotten = await store.forgetMirrors();
    log.info('mirrors go to another place now; all are made there', { before, now, requested, forgotten });
  }
  await store.writeValue(valueKey, now);
}
