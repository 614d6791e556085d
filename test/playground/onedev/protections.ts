/** @file Branch and tag protection rules of the OneDev stand-in: which updates of a push they forbid, in OneDev's words. */
import { isList, type JsonValue } from './answers.ts';
import { branchOf, isZeroId, type RefCommand } from './receive-rules.ts';
import type { Project } from './types.ts';
import type { World } from './world.ts';

/** A refusal known at once, or one that depends on whether the update is a fast-forward. */
export type Refusal =
  | { readonly kind: 'always'; readonly refName: string; readonly reason: string }
  | { readonly kind: 'unless-fast-forward'; readonly command: RefCommand; readonly reason: string };

type Rule = Readonly<Record<string, JsonValue>>;

function isRule(value: JsonValue): value is Rule {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function rulesIn(project: Project, list: string): readonly Rule[] {
  const rules: JsonValue = project.setting[list] ?? [];
  return isList(rules) ? rules.filter(isRule) : [];
}

/** Rules of the project, then of its ancestors; the first that matches decides. */
function findRule(
  world: World,
  project: Project,
  kind: 'branches' | 'tags',
  name: string,
  user: string,
): Rule | undefined {
  const list = kind === 'branches' ? 'branchProtections' : 'tagProtections';
  let current: Project | undefined = project;
  while (current !== undefined) {
    for (const rule of rulesIn(current, list)) {
      if (rule['enabled'] === true && matches(rule[kind], name) && concerns(rule['userMatch'], user)) {
        return rule;
      }
    }
    current = current.parentId === null ? undefined : world.projects.get(current.parentId);
  }
  return undefined;
}

function matches(pattern: JsonValue | undefined, name: string): boolean {
  const patterns = typeof pattern === 'string' ? pattern.split(' ') : [];
  return patterns.some((item) => {
    const source = item
      .replace(/[.+?^${}()|[\]\\]/g, '\\$&')
      .replace(/\*+/g, (stars) => (stars.length > 1 ? '.*' : '[^/]*'));
    return new RegExp(`^${source}$`).test(name);
  });
}

function concerns(userMatch: JsonValue | undefined, user: string): boolean {
  return !(typeof userMatch === 'string' && userMatch.includes(`except user(${user})`));
}

export function hasProtections(world: World, project: Project): boolean {
  let current: Project | undefined = project;
  while (current !== undefined) {
    for (const list of ['branchProtections', 'tagProtections']) {
      if (rulesIn(current, list).length > 0) {
        return true;
      }
    }
    current = current.parentId === null ? undefined : world.projects.get(current.parentId);
  }
  return false;
}

/** In the order OneDev looks at them; the caller stops at the first that holds. */
export function findRefusals(
  world: World,
  project: Project,
  updates: readonly RefCommand[],
  user: string,
): readonly Refusal[] {
  return updates.flatMap((update): readonly Refusal[] => {
    const branch = branchOf(update.refName);
    const tag = update.refName.startsWith('refs/tags/') ? update.refName.slice('refs/tags/'.length) : undefined;
    const kind = branch === undefined ? 'tags' : 'branches';
    const rule = findRule(world, project, kind, branch ?? tag ?? '', user);
    if ((branch ?? tag) === undefined || rule === undefined) {
      return [];
    }
    const noun = kind === 'branches' ? 'branch' : 'tag';
    const refuse = (verb: string): Refusal => ({
      kind: 'always',
      refName: update.refName,
      reason: `Cannot ${verb} this ${noun} according to ${noun} protection setting`,
    });
    if (isZeroId(update.oldId)) {
      return rule['preventCreation'] === true ? [refuse('create')] : [];
    }
    if (isZeroId(update.newId)) {
      return rule['preventDeletion'] === true ? [refuse('delete')] : [];
    }
    if (kind === 'tags') {
      return rule['preventUpdate'] === true ? [refuse('update')] : [];
    }
    const reason = 'Cannot force-push to this branch according to branch protection setting';
    return rule['preventForcedPush'] === true ? [{ kind: 'unless-fast-forward', command: update, reason }] : [];
  });
}

/** The block of stars around a refusal. */
export function refusalText(refName: string, reason: string): string {
  const stars = `${'*'.repeat(55)} `;
  const lines = [
    ' ',
    stars,
    '* ',
    `*  ERROR PUSHING REF: ${refName}`,
    '-'.repeat(55),
    `*  ${reason}`,
    '* ',
    stars,
    ' ',
  ];
  return `${lines.join('\n')}\n`;
}
