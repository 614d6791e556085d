/** @file GitHub's published examples of webhook payloads, read from their npm package when first needed. */
import { createRequire } from 'node:module';
import type { HookEventName, JsonObject } from './webhook-types.ts';

interface Definition {
  readonly name: string;
  readonly examples: readonly JsonObject[];
}

/** Only hooks of organizations and of apps carry these. */
export const FOREIGN_FIELDS: readonly string[] = ['organization', 'installation', 'enterprise'];

let definitions: readonly Definition[] | null = null;

function keyCount(value: unknown): number {
  return typeof value === 'object' && value !== null ? Object.keys(value).length : 0;
}

function foreignCount(example: JsonObject): number {
  return FOREIGN_FIELDS.filter((field) => field in example).length;
}

/** All published examples of an event. */
export function examplesOf(name: HookEventName): readonly JsonObject[] {
  definitions ??= createRequire(import.meta.url)('@octokit/webhooks-examples') as readonly Definition[];
  return definitions.find((definition) => definition.name === name)?.examples ?? [];
}

/**
 * The example nearest to what a hook of a user's repository gets today: with the least of an organization or app, then
 * with the most fields of the repository. @throws when none fits
 */
export function exampleOf(name: HookEventName, fits: (example: JsonObject) => boolean): JsonObject {
  const [best] = examplesOf(name)
    .filter(fits)
    .sort((a, b) => foreignCount(a) - foreignCount(b) || keyCount(b['repository']) - keyCount(a['repository']));
  if (best === undefined) throw new Error(`no example of ${name} fits`);
  return best;
}
