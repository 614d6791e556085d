/** @file Runs as the window is shown them. Pure. */
import type { RunView } from '../../src-preload/contract/views.ts';
import type { MovedRef, Run } from '../engine/core/engine-api.ts';
import type { Links } from './links.ts';
import { plainLine } from './plain-text.ts';
import { shapeErrorOrNull } from './shape-error.ts';

const refsShown = 20;

/** What a person most wants to know of comes first. */
const order: Readonly<Record<MovedRef['kind'], number>> = { rewrite: 0, delete: 1, create: 2, 'fast-forward': 3 };

function shapeMoved({ ref, kind, from, to, keptAs }: MovedRef): RunView['report']['moved'][number] {
  return {
    ref: plainLine(ref, 600),
    kind,
    from: from?.slice(0, 64) ?? null,
    to: to?.slice(0, 64) ?? null,
    keptAs: keptAs === null ? null : plainLine(keptAs, 900),
  };
}

/** @param projectUrl page of the mirror as the target told it, null where there is none */
export function shapeRun(run: Run, projectUrl: string | null, links: Links): RunView {
  const { report } = run;
  return {
    ...run,
    fullName: plainLine(run.fullName, 300),
    githubPage: links.repository(run.fullName),
    mirrorPage: links.mirror(projectUrl),
    error: shapeErrorOrNull(run.error, links),
    report: {
      ...report,
      letGo: report.letGo ?? 0,
      lfsFiles: report.lfsFiles ?? 0,
      lfsMissing: report.lfsMissing ?? 0,
      phases: report.phases.slice(0, 50),
      moved: report.moved
        .toSorted((a, b) => order[a.kind] - order[b.kind])
        .slice(0, refsShown)
        .map(shapeMoved),
      unfit: report.unfit
        .slice(0, refsShown)
        .map(({ ref, reason }) => ({ ref: plainLine(ref, 600), reason: plainLine(reason, 300) })),
      unfitCount: report.unfit.length,
    },
  };
}
