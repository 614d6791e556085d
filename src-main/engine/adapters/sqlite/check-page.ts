/** @file Bounds of a page, which whoever asks must keep to. */
import { EpicstarError } from '../../domain/errors.ts';
import type { PageRequest } from '../../ports/store-queries.ts';

const maxPageLimit = 200;

/** @throws EpicstarError `internal` */
export function checkPage({ offset, limit }: PageRequest): void {
  if (!Number.isSafeInteger(offset) || offset < 0) {
    throw new EpicstarError('internal', `A page starts at 0 or later, not at ${offset}.`);
  }
  if (!Number.isSafeInteger(limit) || limit < 1 || limit > maxPageLimit) {
    throw new EpicstarError('internal', `A page holds 1 to ${maxPageLimit} entries, not ${limit}.`);
  }
}
