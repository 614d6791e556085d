/** @file Which project a git address means to OneDev, and in which words it refuses. The address is not decoded. */
import { type Answer, text } from './answers.ts';
import type { Principal, Project } from './types.ts';
import type { World } from './world.ts';

export type Opened =
  | { readonly kind: 'open'; readonly project: Project; readonly user: string }
  | { readonly kind: 'refused'; readonly answer: Answer };

export function openProject(world: World, principal: Principal, rawPath: string, right: 'read' | 'write'): Opened {
  const path = rawPath.replace(/\.git$/, '');
  const project = world.findByPath(path) ?? world.findByPath(rawPath);
  if (project === undefined) {
    return missing(path);
  }
  if (!world.may(principal, 'read', project)) {
    return missing(rawPath);
  }
  if (!world.may(principal, right, project)) {
    return { kind: 'refused', answer: text(403, 'You do not have permission to push to this project.') };
  }
  const user = principal.kind === 'user' ? principal.user : world.users.get(principal.token.ownerId);
  return { kind: 'open', project, user: user?.name ?? '' };
}

function missing(path: string): Opened {
  return { kind: 'refused', answer: text(404, `Project not found or inaccessible: ${path}`) };
}
