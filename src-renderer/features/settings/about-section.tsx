/** @file Which epicstar this is, since when it runs and what it did, and a check of everything it needs. */
import type { OverviewView } from '../../../src-preload/contract/views.ts';
import { countOf, formatBytes } from '../../../src-preload/contract/words.ts';
import { useTopic } from '../../connection/client-context.tsx';
import { formatFullTime } from '../../ui/format.ts';
import { Section, TimeAgo } from '../../ui/pieces.tsx';
import { CheckPlace } from './check-place.tsx';

export function AboutSection({ isLive }: { readonly isLive: boolean }) {
  const overview = useTopic('overview');
  return (
    <Section title="About">
      <div className="settings-rows">
        {overview !== null && <Facts overview={overview} />}
        <CheckPlace isLive={isLive} />
      </div>
    </Section>
  );
}

function Facts({ overview: { version, startedAt, counters } }: { readonly overview: OverviewView }) {
  const { githubRequests, targetRequests, gitProcesses, bytesReceived, bytesSent, mirrored } = counters;
  return (
    <div className="place">
      <div className="place-words">
        <p>
          epicstar <bdi>{version}</bdi>
        </p>
        <p className="field-hint">
          Started <TimeAgo at={startedAt} />, on {formatFullTime(startedAt)}.
        </p>
        <p className="field-hint">
          Since then {countOf(mirrored, 'repository was', 'repositories were')} mirrored:{' '}
          {countOf(githubRequests, 'request')} to GitHub, {countOf(targetRequests, 'request')} to the mirror server,{' '}
          {countOf(gitProcesses, 'git process', 'git processes')}, {formatBytes(bytesReceived)} received,{' '}
          {formatBytes(bytesSent)} sent.
        </p>
      </div>
    </div>
  );
}
