/** @file The check of git, GitHub, the mirror server, clock, disk and data directory, and what it found. */
import { useState } from 'react';
import type { CallAnswer } from '../../../src-preload/contract/schema.ts';
import { useClient } from '../../connection/client-context.tsx';
import { useAttempt } from '../../connection/use-attempt.ts';
import { Button } from '../../ui/button.tsx';
import { FailureCallout } from '../../ui/failure-callout.tsx';
import { Icon, type IconName } from '../../ui/icon.tsx';

type Finding = CallAnswer<'diagnosis.get'>[number];

const marks: Readonly<Record<Finding['state'], { readonly icon: IconName; readonly word: string }>> = {
  ok: { icon: 'check', word: 'OK' },
  warning: { icon: 'alert', word: 'Warning' },
  failed: { icon: 'cross', word: 'Failed' },
};

const areas: Readonly<Record<Finding['area'], string>> = {
  git: 'git',
  github: 'GitHub',
  target: 'Mirrors',
  clock: 'Clock',
  disk: 'Disk',
  'data-directory': 'Data directory',
};

export function CheckPlace({ isLive }: { readonly isLive: boolean }) {
  const client = useClient();
  const { busy, failure, run } = useAttempt();
  const [findings, setFindings] = useState<readonly Finding[] | null>(null);
  const check = async (): Promise<void> => {
    const found = await run('check', () => client.call('diagnosis.get'));
    if (found !== null) setFindings(found);
  };
  return (
    <section className="place place-check" aria-label="Check">
      <div className="place-words">
        <p>Is everything there that mirroring needs?</p>
        <p className="field-hint">
          Looks at git, GitHub, the mirror server, clock and disk. A scratch project is made on the mirror server and
          removed again. It may take a minute.
        </p>
      </div>
      <div className="buttons">
        <Button
          label={findings === null ? 'Run the check' : 'Run it again'}
          icon="play"
          isOff={!isLive}
          isBusy={busy !== null}
          onPress={() => void check()}
        />
      </div>
      <p className="visually-hidden" role="status">
        {busy === null && findings !== null && summarize(findings)}
      </p>
      <FailureCallout failure={failure} />
      {findings !== null && (
        <ul className="check-findings" aria-label="What the check found">
          {findings.map((finding) => (
            <Row key={`${finding.area} ${finding.name} ${finding.finding}`} finding={finding} />
          ))}
        </ul>
      )}
    </section>
  );
}

function Row({ finding: { area, name, state, finding, nextStep } }: { readonly finding: Finding }) {
  const { icon, word } = marks[state];
  return (
    <li className="check-finding">
      <span className={`check-mark check-${state}`}>
        <Icon name={icon} />
        {word}
      </span>
      <div>
        <p className="check-name">
          {areas[area]}, <bdi>{name}</bdi>
        </p>
        <p className="field-hint">
          <bdi>{finding}</bdi>
        </p>
        {nextStep !== null && (
          <p className="check-next">
            <bdi>{nextStep}</bdi>
          </p>
        )}
      </div>
    </li>
  );
}

function summarize(findings: readonly Finding[]): string {
  const failed = findings.filter(({ state }) => state === 'failed').length;
  const warnings = findings.filter(({ state }) => state === 'warning').length;
  if (failed + warnings === 0) return 'The check found everything in order.';
  return `The check found ${failed} failed and ${warnings} to mind.`;
}
