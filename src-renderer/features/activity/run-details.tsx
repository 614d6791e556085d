/** @file What one run moved, left out or was told by git. */
import type { RunView } from '../../../src-preload/contract/views.ts';
import { MovedRefs, UnfitRefs } from '../../ui/run-refs.tsx';

/** Whether there is more to tell than the line says. */
export function hasDetails({ report, error }: RunView): boolean {
  const hasWords = error !== null && error.output !== null;
  return hasWords || report.moved.length > 0 || report.unfitCount > 0;
}

export function RunDetails({ run }: { readonly run: RunView }) {
  const { report } = run;
  const output = run.error?.output ?? null;
  return (
    <details className="details">
      <summary>
        Details<span className="visually-hidden"> of {run.fullName}</span>
      </summary>
      <MovedRefs report={report} />
      <UnfitRefs report={report} />
      {output !== null && (
        <pre className="output" tabIndex={0} aria-label={`Words of git for ${run.fullName}`}>
          {output}
        </pre>
      )}
    </details>
  );
}
