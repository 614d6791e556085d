/** @file The command line: words, options and help. Each command's work is in a file of its own. */
import { resolve } from 'node:path';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import {
  type RepositoryState,
  repositoryStates,
  type RunOutcome,
  runOutcomes,
  toEpicstarError,
} from '../engine/core/engine-api.ts';
import type { ApplicationHost, Terminal } from './application.ts';
import { addAskCommands } from './ask-commands.ts';
import { addConfigCommands } from './config-commands.ts';
import { type ExitCode, exitCodeOf, exitCodes } from './exit-codes.ts';
import { list } from './list-command.ts';
import { loginGithub, loginOnedev } from './login-commands.ts';
import { drill, verify } from './proof-commands.ts';
import { rebuild } from './rebuild-command.ts';
import { doctor, history, kept, status } from './read-commands.ts';
import { serve } from './serve-command.ts';
import { sync } from './sync-command.ts';
import { bundle, push } from './take-out-commands.ts';
import { addMirrorCommands } from './mirror-commands.ts';
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
    if (error.kind !== 'cancelled') terminal.err(error.nextStep);
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
    .option(
      '--mirror-builds <owner/name>',
      'mirror this one with its build definition, now and later; may be repeated',
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
          readonly mirrorBuilds: readonly string[];
          readonly dryRun?: true;
          readonly full?: true;
        },
      ) => {
        const options = {
          ...common(flags),
          only: flags.only,
          acceptLoss: flags.acceptLoss,
          mirrorBuilds: flags.mirrorBuilds,
          dryRun: flags.dryRun === true,
          full: flags.full === true,
        };
        done(await sync(host, terminal, options));
      },
    );

  command('rebuild', 'find the mirrors that the target holds already, and go on from them')
    .option('--dry-run', 'say what is there, change nothing')
    .action(async (flags: CommonFlags & { readonly dryRun?: true }) => {
      done(await rebuild(host, terminal, { ...common(flags), dryRun: flags.dryRun === true }));
    });

  command('status', 'how things stand').action(async (flags: CommonFlags) => {
    done(await status(host, terminal, common(flags)));
  });

  command('list', 'the repositories that are known')
    .option('--list <name>', 'only those on this GitHub List; may be repeated', collect, [])
    .addOption(new Option('--state <state>', 'only those in this state').choices(repositoryStates))
    .action(async (flags: CommonFlags & { readonly list: readonly string[]; readonly state?: RepositoryState }) => {
      done(await list(host, terminal, { ...common(flags), lists: flags.list, state: flags.state ?? null }));
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

  command('drill', 'try a restore: clone a mirror from the target alone, and look it through')
    .argument('[owner/name]', 'the repository; none: the one that was not tried for the longest time')
    .action(async (repository: string | undefined, flags: CommonFlags) => {
      done(await drill(host, terminal, { ...common(flags), repository: repository ?? null }));
    });

  command('kept', 'old tips that a mirror keeps although upstream rewrote or deleted them')
    .argument('<owner/name>', 'the repository')
    .option('--restore <ref>', 'make a branch of this one, in the mirror')
    .action(async (repository: string, flags: CommonFlags & { readonly restore?: string }) => {
      done(await kept(host, terminal, { ...common(flags), repository, restore: flags.restore ?? null }));
    });

  command('bundle', 'write a mirror into one file, which git clones from')
    .argument('<owner/name>', 'the repository')
    .option('--out <file>', 'where to; left out: owner-name-date.bundle in this folder')
    .option('--with-kept', 'with the old tips that the mirror keeps')
    .action(async (repository: string, flags: CommonFlags & { readonly out?: string; readonly withKept?: true }) => {
      const out = flags.out === undefined ? null : resolve(flags.out);
      const options = { ...common(flags), repository, out, withKept: flags.withKept === true };
      done(await bundle(host, terminal, options));
    });

  command('push', 'push a mirror to another remote; nothing there is overwritten or deleted')
    .argument('<owner/name>', 'the repository')
    .requiredOption('--to <address>', 'https address of an existing repository, or a folder of this computer')
    .option('--user <name>', 'user there; most servers look at the token alone')
    .option('--with-token', 'read the token from stdin, without showing it; else it is EPICSTAR_PUSH_TOKEN')
    .option('--with-kept', 'with the old tips that the mirror keeps')
    .action(
      async (
        repository: string,
        flags: CommonFlags & {
          readonly to: string;
          readonly user?: string;
          readonly withToken?: true;
          readonly withKept?: true;
        },
      ) => {
        const options = {
          to: flags.to,
          user: flags.user ?? '',
          withToken: flags.withToken === true,
          withKept: flags.withKept === true,
        };
        done(await push(host, terminal, { ...common(flags), repository, ...options }));
      },
    );

  command('doctor', 'check git, GitHub, the mirror server, clock, disk and data directory').action(
    async (flags: CommonFlags) => {
      done(await doctor(host, terminal, common(flags)));
    },
  );

  addAskCommands(program, host, terminal, done);
  addMirrorCommands(program, host, terminal, done);
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
