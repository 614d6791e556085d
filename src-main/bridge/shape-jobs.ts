/** @file Jobs as the window is shown them. Pure. */
import type { JobView } from '../../src-preload/contract/views.ts';
import type { Job } from '../engine/core/engine-api.ts';
import type { Links } from './links.ts';
import { plainLine } from './plain-text.ts';
import { shapeErrorOrNull } from './shape-error.ts';

/** @param projectUrl page of the mirror as the target told it, null where there is none */
export function shapeJob(job: Job, projectUrl: string | null, links: Links): JobView {
  return {
    ...job,
    fullName: plainLine(job.fullName, 300),
    githubPage: links.repository(job.fullName),
    mirrorPage: links.mirror(projectUrl),
    error: shapeErrorOrNull(job.error, links),
  };
}
