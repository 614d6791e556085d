/** @file Commands on single mirrors: `mirrors archive`, `bring-back`, `delete`. */
import type { Command } from 'commander';
import {
  type ActReport,
  EpicstarError,
  type EngineControl,
  type GithubId,
  mostActsAtOnce,
  type RepositoryRow,
} from '../engine/core/engine-api.ts';
import type { ApplicationHost, Terminal } from './application.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { allRepositories } from './sync-summary.ts';
import { formatBytes, plural, printable } from './texts.ts';

interface ActFlags {
  readonly dataDir?: string;
  readonly json?: true;
}

interface ActOptions {
  readonly dataDir: string | undefined;
  readonly json: boolean;
  readonly names: readonly string[];
}

interface DeleteOptions extends ActOptions {
  /** Names that were typed on the command line. */
  readonly confirm: readonly string[];
}

export function addMirrorCommands(
  program: Command,
  host: ApplicationHost,
  terminal: Terminal,
  done: (code: ExitCode) => void,
): void {
  const mirrors = program.command('mirrors').description('put single mirrors away, bring them back, delete them');
  const command = (words: string, description: string): Command =>
    mirrors
      .command(words)
      .description(description)
      .argument('<owner/name...>', `repositories, at most ${mostActsAtOnce}`)
      .option('--data-dir <dir>', 'data directory')
      .option('--json', 'one JSON document on stdout');
  const optionsOf = (names: readonly string[], { dataDir, json }: ActFlags): ActOptions => ({
    dataDir,
    json: json === true,
    names,
  });
  command('archive', 'move them into the archive; they are not mirrored any more').action(
    async (names: readonly string[], flags: ActFlags) => {
      done(await archive(host, terminal, optionsOf(names, flags)));
    },
  );
  command('bring-back', 'move them out of the archive, and mirror them again').action(
    async (names: readonly string[], flags: ActFlags) => {
      done(await bringBack(host, terminal, optionsOf(names, flags)));
    },
  );
  command('delete', 'delete them at the mirror server, for good, with all that they keep')
    .option(
      '--confirm <owner/name>',
      'the name once more, for each; without it you are asked at the terminal',
      (value: string, before: readonly string[]) => [...before, value],
      [],
    )
    .action(async (names: readonly string[], flags: ActFlags & { readonly confirm: readonly string[] }) => {
      done(await deleteMirrors(host, terminal, { ...optionsOf(names, flags), confirm: flags.confirm }));
    });
}

function archive(host: ApplicationHost, terminal: Terminal, options: ActOptions): Promise<ExitCode> {
  return acting(host, terminal, options, 'in the archive', (engine, rows) =>
    engine.archiveMirrors(idsOf(rows), terminal.interrupted),
  );
}

function bringBack(host: ApplicationHost, terminal: Terminal, options: ActOptions): Promise<ExitCode> {
  return acting(host, terminal, options, 'brought back', (engine, rows) =>
    engine.bringBackMirrors(idsOf(rows), terminal.interrupted),
  );
}

function deleteMirrors(host: ApplicationHost, terminal: Terminal, options: DeleteOptions): Promise<ExitCode> {
  return acting(host, terminal, options, 'deleted', async (engine, rows) => {
    const wishes: { githubId: GithubId; typedName: string }[] = [];
    for (const row of rows) {
      const { githubId, fullName } = row.repository;
      terminal.err(await lossOf(engine, row, terminal.interrupted));
      wishes.push({ githubId, typedName: await typedNameOf(fullName, terminal, options.confirm) });
    }
    return engine.deleteMirrors(wishes, terminal.interrupted);
  });
}

/** What a person has to know before. */
async function lossOf(engine: EngineControl, { repository }: RepositoryRow, signal: AbortSignal): Promise<string> {
  const { githubId, fullName, mirror, verdict, sizeKb } = repository;
  if (mirror === null) return `${printable(fullName)} has no mirror.`;
  const kept = await engine.keptRefs(githubId, signal).then(
    (refs) => (refs.length === 0 ? '' : `, ${plural(refs.length, 'old tip', 'old tips')} that upstream has no more`),
    () => '',
  );
  const { wiki } = await engine.repositoryExtras(githubId);
  const wikiPath = wiki?.projectId === null ? null : (wiki?.projectPath ?? null);
  const withWiki = wikiPath === null ? '' : `, and its wiki at ${printable(wikiPath)}`;
  const isLast = verdict !== null && (verdict.kind === 'gone' || verdict.kind === 'blocked');
  const last = isLast ? ' THIS IS THE LAST COPY: GitHub has it no more.' : '';
  const size = formatBytes(sizeKb * 1_024);
  const refs = plural(mirror.refCount, 'branch or tag', 'branches and tags');
  return `${printable(fullName)}: ${refs}${kept}, about ${size}, at ${printable(mirror.projectPath)}${withWiki}.${last}`;
}

async function typedNameOf(fullName: string, terminal: Terminal, confirmed: readonly string[]): Promise<string> {
  const told = confirmed.find((name) => name.toLowerCase() === fullName.toLowerCase());
  if (told !== undefined) return told;
  if (!terminal.isInteractive || confirmed.length > 0) {
    throw new EpicstarError(
      'config-invalid',
      `Nothing was deleted: ${printable(fullName)} has to be confirmed with --confirm ${printable(fullName)}.`,
    );
  }
  return await terminal.readLine(`Type ${printable(fullName)} to delete its mirror for good:`);
}

async function acting(
  host: ApplicationHost,
  terminal: Terminal,
  options: ActOptions,
  words: string,
  act: (engine: EngineControl, rows: readonly RepositoryRow[]) => Promise<readonly ActReport[]>,
): Promise<ExitCode> {
  const application = await host
    .open({ dataDir: options.dataDir, mode: 'work', stderrLog: 'warnings' })
    .catch((thrown: unknown) => {
      throw thrown instanceof EpicstarError && thrown.code === 'data-dir-locked' ? inUse(thrown) : thrown;
    });
  try {
    const { engine } = application;
    const rows = await find(engine, options.names);
    const reports = await act(engine, rows);
    if (options.json) terminal.out(JSON.stringify(reports, null, 2));
    else for (const report of reports) terminal.out(lineOf(report, words));
    return reports.every(({ state }) => state === 'done') ? exitCodes.well : exitCodes.someFailed;
  } finally {
    await application.close();
  }
}

function inUse(cause: EpicstarError): EpicstarError {
  const words = `${cause.detail} While it runs, this is done in its window: details of the repository, or Actions.`;
  return new EpicstarError('data-dir-locked', words, { cause });
}

function lineOf({ fullName, state, error }: ActReport, words: string): string {
  const name = printable(fullName);
  const why = error === null ? '' : ` ${printable(error.message)} ${error.nextStep}`;
  if (state === 'done') return `${words}  ${name}`;
  return state === 'later' ? `not yet  ${name}:${why}` : `FAILED  ${name}:${why}`;
}

function idsOf(rows: readonly RepositoryRow[]): readonly GithubId[] {
  return rows.map(({ repository }) => repository.githubId);
}

/** `owner/name`, or `owner/name@id` where several repositories had the name one after another. */
async function find(engine: EngineControl, names: readonly string[]): Promise<readonly RepositoryRow[]> {
  const wanted = new Set(names.map((name) => name.toLowerCase()));
  const found = new Map<string, RepositoryRow[]>();
  for await (const row of allRepositories(engine)) {
    const { fullName, githubId } = row.repository;
    for (const name of [fullName.toLowerCase(), `${fullName.toLowerCase()}@${githubId}`]) {
      if (wanted.has(name)) found.set(name, [...(found.get(name) ?? []), row]);
    }
  }
  return [...wanted].map((name) => {
    const [row, ...others] = found.get(name) ?? [];
    if (row === undefined) {
      throw new EpicstarError('config-invalid', `${printable(name)}: no known repository has this name.`);
    }
    if (others.length === 0) return row;
    const ids = [row, ...others].map(({ repository }) => `${printable(name)}@${repository.githubId}`);
    throw new EpicstarError('config-invalid', `Several repositories had that name; say which: ${ids.join(', ')}.`);
  });
}
