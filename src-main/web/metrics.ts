/** @file Counters for Prometheus, in its text format. Pure; carries numbers alone, no names of repositories. */
import type { OverviewView } from '../../src-preload/contract/views.ts';

type Sample = readonly [labels: string, value: number];

function family(name: string, type: 'gauge' | 'counter', help: string, samples: readonly Sample[]): string {
  const lines = samples.map(([labels, value]) => `epicstar_${name}${labels} ${value}`);
  return [`# HELP epicstar_${name} ${help}`, `# TYPE epicstar_${name} ${type}`, ...lines].join('\n');
}

export const metricsType = 'text/plain; version=0.0.4; charset=utf-8';

export function writeMetrics(overview: OverviewView): string {
  const { totals, counters, state, pause, isOnline, watcher, troubles } = overview;
  const jobs = Object.entries(totals.jobs).map(([name, value]): Sample => [`{state="${name}"}`, value]);
  const families = [
    family('build_info', 'gauge', 'Version that runs.', [
      [`{version="${overview.version.replace(/["\\\n]/g, '')}"}`, 1],
    ]),
    family('state', 'gauge', 'The present state is 1.', [[`{tone="${state.tone}"}`, 1]]),
    family('start_time_seconds', 'gauge', 'When the engine was started.', [['', overview.startedAt / 1_000]]),
    family('online', 'gauge', 'Whether there is a network.', [['', isOnline ? 1 : 0]]),
    family('paused', 'gauge', 'Whether mirroring is paused.', [['', pause === null ? 0 : 1]]),
    family('troubles', 'gauge', 'What stops more than one repository.', [['', troubles.length]]),
    family('stars', 'gauge', 'Starred repositories.', [['', totals.starred]]),
    family('repositories', 'gauge', 'Repositories that are known.', [['', totals.repositories]]),
    family('repositories_absent', 'gauge', 'Known repositories that the star list lacks.', [['', totals.absent]]),
    family('repositories_mirrored', 'gauge', 'Repositories with a verified mirror.', [['', totals.mirrored]]),
    family('repositories_failed', 'gauge', 'Repositories whose newest job failed.', [['', totals.failed]]),
    family('jobs', 'gauge', 'Jobs by state.', jobs),
    family('pending_bytes', 'gauge', 'Estimated size of what waits.', [['', totals.pendingKb * 1_024]]),
    family('last_look_timestamp_seconds', 'gauge', 'Last look at the star list; 0: none yet.', [
      ['', (watcher.lastLookAt ?? 0) / 1_000],
    ]),
    family('github_requests_total', 'counter', 'Requests to GitHub.', [['', counters.githubRequests]]),
    family('target_requests_total', 'counter', 'Requests to the mirror server.', [['', counters.targetRequests]]),
    family('git_processes_total', 'counter', 'git processes.', [['', counters.gitProcesses]]),
    family('received_bytes_total', 'counter', 'Bytes that git received.', [['', counters.bytesReceived]]),
    family('sent_bytes_total', 'counter', 'Bytes that git sent.', [['', counters.bytesSent]]),
    family('mirrored_total', 'counter', 'Mirror runs that succeeded.', [['', counters.mirrored]]),
  ];
  return `${families.join('\n')}\n`;
}
