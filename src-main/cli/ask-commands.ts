/** @file What waits for a person's word, and the word: `asks` and `choose`. */
import { type Command, InvalidArgumentError } from 'commander';
import type { Answer, Ask, Asks, GithubId } from '../engine/core/engine-api.ts';
import type { ApplicationHost, Terminal } from './application.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { find, reading, type ReadOptions } from './read-commands.ts';
import { formatBytes, plural, printable } from './texts.ts';
import { withApplication } from './with-application.ts';

interface Flags {
  readonly dataDir?: string;
  readonly json?: true;
}

const pageSize = 200;

/** What a person types, and what it means. */
const answers: Readonly<Record<string, Answer | null>> = {
  mirror: 'include',
  later: 'later',
  never: 'exclude',
  rules: null,
};

export function addAskCommands(
  program: Command,
  host: ApplicationHost,
  terminal: Terminal,
  done: (code: ExitCode) => void,
): void {
  const command = (words: string, description: string): Command =>
    program
      .command(words)
      .description(description)
      .option('--data-dir <dir>', 'where database, caches and settings are kept')
      .option('--json', 'one JSON document on stdout, logs on stderr');
  const optionsOf = ({ dataDir, json }: Flags): ReadOptions => ({ dataDir, json: json === true });
  command('asks', 'repositories that wait for your word, and what each would cost').action(async (flags: Flags) => {
    done(await asks(host, terminal, optionsOf(flags)));
  });
  command('choose', 'say of repositories whether they are mirrored; wins over the rules')
    .argument('<answer>', 'mirror, later (asked again after 30 days), never, or rules (as the rules say)', parseAnswer)
    .argument('<owner/name...>', 'repositories')
    .action(async (answer: string, names: readonly string[], flags: Flags) => {
      done(await choose(host, terminal, optionsOf(flags), answers[answer] ?? null, names));
    });
}

function parseAnswer(text: string): string {
  if (!Object.hasOwn(answers, text)) throw new InvalidArgumentError(`It has to be ${Object.keys(answers).join(', ')}.`);
  return text;
}

function asks(host: ApplicationHost, terminal: Terminal, options: ReadOptions): Promise<ExitCode> {
  return reading(host, options, async (engine) => {
    const items: Ask[] = [];
    for (;;) {
      const page = await engine.asks({ offset: items.length, limit: pageSize });
      items.push(...page.items);
      if (page.items.length > 0 && items.length < page.total) continue;
      if (options.json) terminal.out(JSON.stringify(shape({ ...page, items }), null, 2));
      else tell(terminal, { ...page, items });
      return exitCodes.well;
    }
  });
}

function shape({ items, freeBytesHere, freeBytesAtTarget }: Asks) {
  return {
    freeBytesHere,
    freeBytesAtTarget,
    asks: items.map(({ row: { repository }, bytes, cache }) => {
      const { githubId, fullName, selectionReason } = repository;
      return { githubId, fullName, bytes, reason: selectionReason, cache };
    }),
  };
}

function tell(terminal: Terminal, { items, freeBytesHere, freeBytesAtTarget }: Asks): void {
  if (items.length === 0) {
    terminal.out('Nothing waits for your word.');
    return;
  }
  for (const { row, bytes, cache } of items) {
    const { fullName, selectionReason } = row.repository;
    const size = `about ${formatBytes(bytes)} by GitHub's figure`;
    terminal.out(`${printable(fullName)}: ${size}, ${printable(selectionReason)}.${costOf(cache)}`);
  }
  terminal.out(`Free here: ${freeOf(freeBytesHere)}; free where mirrors go: ${freeOf(freeBytesAtTarget)}.`);
  terminal.out('epicstar choose mirror|later|never OWNER/NAME answers.');
}

function costOf(cache: Ask['cache']): string {
  if (cache === null) return '';
  if (!cache.stays) return ' No copy of it is kept here: it is larger than the budget.';
  if (cache.caches === 0) return '';
  const what = plural(cache.caches, 'kept copy', 'kept copies');
  return ` It would drop ${what}, ${formatBytes(cache.bytes)}, fetched again from the mirror when needed.`;
}

function freeOf(bytes: number | null): string {
  return bytes === null ? 'it does not tell' : formatBytes(bytes);
}

function choose(
  host: ApplicationHost,
  terminal: Terminal,
  options: ReadOptions,
  answer: Answer | null,
  names: readonly string[],
): Promise<ExitCode> {
  return withApplication(host, options, { mode: 'work', mayLackTarget: true }, async ({ engine }) => {
    const ids: GithubId[] = [];
    for (const name of names) ids.push((await find(engine, name)).repository.githubId);
    await engine.choose(ids, answer);
    const chosen = await Promise.all(ids.map((githubId) => engine.repository(githubId)));
    const rows = chosen.flatMap((row) => row ?? []);
    if (options.json) {
      const told = rows.map(({ repository: { githubId, fullName, selection, selectionReason: reason } }) => {
        return { githubId, fullName, selection, reason };
      });
      terminal.out(JSON.stringify(told, null, 2));
    } else {
      for (const { repository } of rows) {
        terminal.out(
          `${repository.selection.padEnd(6)}  ${printable(repository.fullName)}: ${printable(repository.selectionReason)}`,
        );
      }
    }
    return exitCodes.well;
  });
}
