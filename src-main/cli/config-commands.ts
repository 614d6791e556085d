/** @file `epicstar config export` and `config import`. */
import type { Command } from 'commander';
import type { ApplicationHost, ConfigStep, Terminal } from './application.ts';
import { printable } from './texts.ts';

interface ConfigFlags {
  readonly dataDir?: string;
  readonly json?: true;
}

export function addConfigCommands(program: Command, host: ApplicationHost, terminal: Terminal): void {
  const config = program.command('config').description('export or import settings, rules and choices, never secrets');
  config
    .command('export')
    .description('write settings, rules of what to mirror, and choices as JSON')
    .argument('[file]', 'where to; left out: stdout')
    .option('--data-dir <dir>', 'data directory')
    .option('--json', 'the same: the export is JSON')
    .action(async (filePath: string | undefined, flags: ConfigFlags) => {
      const text = await host.exportConfig(flags.dataDir);
      if (filePath === undefined) terminal.out(text.trimEnd());
      else await terminal.writeFile(filePath, text);
    });
  config
    .command('import')
    .description('put what the file names in the place of what there is')
    .argument('<file>', 'a file made by config export')
    .option('--dry-run', 'say what would change, change nothing')
    .option('--data-dir <dir>', 'data directory')
    .option('--json', 'answer as JSON')
    .action(async (filePath: string, flags: ConfigFlags & { readonly dryRun?: true }) => {
      const text = await terminal.readFile(filePath);
      const changes = await host.previewConfig(flags.dataDir, text);
      const imported = flags.dryRun !== true;
      if (imported) await host.importConfig(flags.dataDir, text);
      if (flags.json === true) terminal.out(JSON.stringify({ imported, changes }, null, 2));
      else for (const line of lines(changes, imported)) terminal.out(line);
    });
}

function lines(changes: readonly ConfigStep[], imported: boolean): readonly string[] {
  if (changes.length === 0) return ['Nothing changes.'];
  const steps = changes.map(
    ({ part, name, from, to }) => `${part}  ${name}: ${printable(shown(from))} -> ${printable(shown(to))}`,
  );
  return [...steps, imported ? 'The configuration was imported.' : 'Nothing was changed.'];
}

function shown(value: string): string {
  return value === '' ? 'not set' : value;
}
