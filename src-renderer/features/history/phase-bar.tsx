/** @file Where the time of a run went: a bar to look at, and the same as a list. */
import { Tooltip } from '@base-ui/react/tooltip';
import type { PhaseName, RunView } from '../../../src-preload/contract/views.ts';
import { phaseWords } from '../../ui/run-words.ts';
import { formatSpan, joinPhases } from './run-words.ts';

/** Moving data is what takes long; the rest is preparing and checking. */
const phaseLooks: Readonly<Record<PhaseName, string>> = {
  identify: 'phase-ask',
  project: 'phase-ask',
  compare: 'phase-check',
  fetch: 'phase-fetch',
  plan: 'phase-ask',
  push: 'phase-push',
  verify: 'phase-check',
  extras: 'phase-push',
};

export function PhaseBar({ run }: { readonly run: RunView }) {
  const parts = joinPhases(run);
  if (parts.length === 0) return null;
  return (
    <Tooltip.Root>
      <Tooltip.Trigger
        delay={100}
        render={<ul className="phases" tabIndex={0} aria-label={`Phases of ${run.fullName}`} />}
      >
        {parts.map(({ phase, durationMs }, index) => (
          <li key={`${index} ${phase}`} className={phaseLooks[phase]} style={{ flexGrow: Math.max(durationMs, 1) }}>
            <span className="visually-hidden">
              {phaseWords[phase]}: {formatSpan(durationMs)}
            </span>
          </li>
        ))}
      </Tooltip.Trigger>
      <Tooltip.Portal>
        <Tooltip.Positioner sideOffset={6} align="start">
          {/* Readers of the screen have the list itself. */}
          <Tooltip.Popup className="phase-tip" aria-hidden="true">
            {parts.map(({ phase, durationMs }, index) => (
              <span key={`${index} ${phase}`} className="phase-tip-row">
                <span className={`phase-swatch ${phaseLooks[phase]}`} />
                <span>{phaseWords[phase]}</span>
                <span className="phase-tip-time">{formatSpan(durationMs)}</span>
              </span>
            ))}
          </Tooltip.Popup>
        </Tooltip.Positioner>
      </Tooltip.Portal>
    </Tooltip.Root>
  );
}
