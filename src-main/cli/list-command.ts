/** @file `epicstar list`: the repositories that are known, all or some. */
import type { RepositoryRow, RepositoryState } from '../engine/core/engine-api.ts';
import type { ApplicationHost, Terminal } from './application.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { printable } from './texts.ts';
import { type CommandOptions, withApplication } from './with-application.ts';

export interface ListOptions extends CommandOptions {
  /** Names of GitHub Lists, one of which it has to be on; none: all. */
  readonly lists: readonly string[];
  readonly state: RepositoryState | null;
}

const pageSize = 200;

export function list(host: ApplicationHost, terminal: Terminal, options: ListOptions): Promise<ExitCode> {
  return withApplication(host, options, { mode: 'read', mayLackTarget: true }, async ({ engine }) => {
    const rows: RepositoryRow[] = [];
    for (;;) {
      const page = { order: 'name', offset: rows.length, limit: pageSize } as const;
      const filter = { text: '', state: options.state, lists: options.lists };
      const { items, total } = await engine.repositories({ ...filter, ...page });
      rows.push(...items);
      if (items.length === 0 || rows.length >= total) break;
    }
    if (options.json) terminal.out(JSON.stringify(rows.map(shape), null, 2));
    else if (rows.length === 0) terminal.out('No repository is known that fits.');
    else for (const row of rows) terminal.out(line(row));
    return exitCodes.well;
  });
}

function shape({ repository, state, lists, buildRefs }: RepositoryRow) {
  const { githubId, fullName, mirror } = repository;
  return { githubId, fullName, state, lists, mirrorPath: mirror?.projectPath ?? null, buildRefs };
}

function line({ repository, state, lists }: RepositoryRow): string {
  const on = lists.length === 0 ? '' : `  on ${lists.map(printable).join(', ')}`;
  return `${state.padEnd(9)} ${printable(repository.fullName)}${on}`;
}
