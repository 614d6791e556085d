/** @file The command line: words, options and help. Each command's work is in a file of its own. */
import { resolve } from 'node:path';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { errorSpecs, type RunOutcome, runOutcomes, toEpicstarError } from '../engine/core/engine-api.ts';
import type { ApplicationHost, Terminal } from './application.ts';
import { type ExitCode, exitCodeOf, exitCodes } from './exit-codes.ts';
import { loginGithub, loginOnedev } from './login-commands.ts';
import { doctor, history, kept, status, verify } from './read-commands.ts';
import { serve } from './serve-command.ts';
import { sync } from './sync-command.ts';
import { printable } from './texts.ts';

interface CommonFlags {
  readonly dataDir?: string;
  readonly json?: true;
}

const defaultPort = 47_824;

/**
 * Runs one command.
 *
 * @param args the words after the program's name
 * @returns the exit code; never rejects
 */
export async function runProgram(
  args: readonly string[],
  host: ApplicationHost,
  terminal: Terminal,
): Promise<ExitCode> {
  let exitCode: ExitCode = exitCodes.well;
  const program = buildProgram(host, terminal, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync([...args], { from: 'user' });
    return exitCode;
  } catch (thrown) {
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? exitCodes.well : exitCodes.usage;
    const error = toEpicstarError(thrown);
    if (args.includes('--json')) terminal.out(JSON.stringify({ error: error.toRecord() }, null, 2));
    terminal.err(`epicstar: ${printable(error.message)}`);
    if (error.kind !== 'cancelled') terminal.err(errorSpecs[error.code].nextStep);
    return exitCodeOf(error);
  }
}

function buildProgram(host: ApplicationHost, terminal: Terminal, done: (code: ExitCode) => void): Command {
  const program = new Command('epicstar')
    .description('Mirrors the repositories you star on GitHub into your own OneDev, or into a folder.')
    .version(host.version)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.out(text.trimEnd()),
      writeErr: (text) => terminal.err(text.trimEnd()),
    })
    .showHelpAfterError('(epicstar --help lists the commands)')
    .addHelpText(
      'after',
      '\nSettings: flags, then EPICSTAR_* in the environment, then settings.json in the data directory.\n' +
        'Exit codes: 0 all well, 1 some repositories failed, 2 configuration or usage wrong, 3 signed out, 130 interrupted.',
    );
  const command = (words: string, description: string): Command =>
    program
      .command(words)
      .description(description)
      .option('--data-dir <dir>', 'where database, caches and settings are kept')
      .option('--json', 'one JSON document on stdout, logs on stderr');

  command('serve', 'engine and window for the browser, in the foreground')
    .option('--port <number>', 'port of the window; 0: any free one', parsePort, defaultPort)
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--open', 'open the window in the browser')
    .action(async (flags: CommonFlags & { readonly port: number; readonly host: string; readonly open?: true }) => {
      done(
        await serve(host, terminal, {
          ...common(flags),
          host: flags.host,
          port: flags.port,
          open: flags.open === true,
        }),
      );
    });

  command('sync', 'look once, mirror all that is due, print a summary')
    .option('--only <owner/name>', 'this repository alone; may be repeated', collect, [])
    .option(
      '--accept-loss <owner/name>',
      'follow this one although it lost most of its refs; may be repeated',
      collect,
      [],
    )
    .option('--dry-run', 'say what would be mirrored, change nothing')
    .option('--full', 'read the whole starred list even where nothing asks for it')
    .action(
      async (
        flags: CommonFlags & {
          readonly only: readonly string[];
          readonly acceptLoss: readonly string[];
          readonly dryRun?: true;
          readonly full?: true;
        },
      ) => {
        const options = {
          ...common(flags),
          only: flags.only,
          acceptLoss: flags.acceptLoss,
          dryRun: flags.dryRun === true,
          full: flags.full === true,
        };
        done(await sync(host, terminal, options));
      },
    );

  command('status', 'how things stand').action(async (flags: CommonFlags) => {
    done(await status(host, terminal, common(flags)));
  });

  command('history', 'the last runs, newest first')
    .option('--limit <number>', 'how many, 1 to 200', parseLimit, 20)
    .addOption(new Option('--outcome <outcome>', 'only runs that ended so').choices(runOutcomes))
    .option('--repository <owner/name>', 'only runs of this one')
    .action(
      async (
        flags: CommonFlags & { readonly limit: number; readonly outcome?: RunOutcome; readonly repository?: string },
      ) => {
        const options = { ...common(flags), limit: flags.limit, outcome: flags.outcome ?? null };
        done(await history(host, terminal, { ...options, repository: flags.repository ?? null }));
      },
    );

  command('verify', 'compare both ends of all or some mirrors now')
    .argument('[owner/name...]', 'repositories; none: all')
    .action(async (names: readonly string[], flags: CommonFlags) => {
      done(await verify(host, terminal, { ...common(flags), names }));
    });

  command('kept', 'old tips that a mirror keeps although upstream rewrote or deleted them')
    .argument('<owner/name>', 'the repository')
    .option('--restore <ref>', 'make a branch of this one, in the mirror')
    .action(async (repository: string, flags: CommonFlags & { readonly restore?: string }) => {
      done(await kept(host, terminal, { ...common(flags), repository, restore: flags.restore ?? null }));
    });

  command('doctor', 'check git, GitHub, the mirror server, clock, disk and data directory').action(
    async (flags: CommonFlags) => {
      done(await doctor(host, terminal, common(flags)));
    },
  );

  addLoginCommands(program, host, terminal, done);
  addConfigCommands(program, host, terminal);
  return program;
}

function addLoginCommands(
  program: Command,
  host: ApplicationHost,
  terminal: Terminal,
  done: (code: ExitCode) => void,
): void {
  const login = program.command('login').description('sign in to GitHub or OneDev; beside a running epicstar too');
  const command = (words: string, description: string): Command =>
    login
      .command(words)
      .description(description)
      .option('--data-dir <dir>', 'data directory')
      .option('--json', 'one JSON document on stdout');
  command('github', 'sign in by a code that is entered on GitHub, or by a token')
    .option('--with-token', 'read a personal access token from stdin, without showing it')
    .option('--private', 'ask for your private stars too')
    .option('--host <url>', 'a GitHub Enterprise Server or GHE.com')
    .action(
      async (
        flags: CommonFlags & { readonly withToken?: true; readonly private?: true; readonly host?: string },
      ): Promise<void> => {
        const options = { withToken: flags.withToken === true, withPrivate: flags.private === true };
        done(await loginGithub(host, terminal, { ...common(flags), ...options, host: flags.host }));
      },
    );
  command('onedev', 'read an access token from stdin, try everything that a mirror needs, store it')
    .option('--url <url>', 'address of OneDev; left out: the one of the settings')
    .option('--root <path>', 'project below which mirrors stand')
    .option('--ca-file <file>', 'PEM file with a certificate authority to trust')
    .option('--allow-insecure', 'plain http to this address: others on the way can read token and code')
    .option('--admin <user>', 'read this administrator’s password instead; it makes parent project, role and token')
    .action(
      async (
        flags: CommonFlags & {
          readonly url?: string;
          readonly root?: string;
          readonly caFile?: string;
          readonly allowInsecure?: true;
          readonly admin?: string;
        },
      ): Promise<void> => {
        const options = {
          url: flags.url,
          root: flags.root,
          caFile: flags.caFile === undefined ? undefined : resolve(flags.caFile),
          allowInsecure: flags.allowInsecure === true,
          admin: flags.admin,
        };
        done(await loginOnedev(host, terminal, { ...common(flags), ...options }));
      },
    );
}

function addConfigCommands(program: Command, host: ApplicationHost, terminal: Terminal): void {
  const config = program.command('config').description('export or import settings, never secrets');
  config
    .command('export')
    .description('print the settings of the settings file as JSON')
    .option('--data-dir <dir>', 'data directory')
    .option('--json', 'the same: the export is JSON')
    .action(async (flags: CommonFlags) => terminal.out(await host.exportConfig(flags.dataDir)));
  config
    .command('import')
    .description('replace the settings by those of a file')
    .argument('<file>', 'a file made by config export')
    .option('--data-dir <dir>', 'data directory')
    .option('--json', 'answer as JSON')
    .action(async (filePath: string, flags: CommonFlags) => {
      await host.importConfig(flags.dataDir, await terminal.readFile(filePath));
      terminal.out(flags.json === true ? JSON.stringify({ imported: true }) : 'The settings were imported.');
    });
}

function common(flags: CommonFlags): { readonly dataDir: string | undefined; readonly json: boolean } {
  return { dataDir: flags.dataDir, json: flags.json === true };
}

function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

function parsePort(text: string): number {
  return parseInteger(text, 0, 65_535);
}

function parseLimit(text: string): number {
  return parseInteger(text, 1, 200);
}

function parseInteger(text: string, least: number, most: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < least || value > most) {
    throw new InvalidArgumentError(`It has to be a whole number from ${least} to ${most}.`);
  }
  return value;
}
