/**
 * @file The packed program as a command: `epicstar serve` and its like, without tray and window. The program is made of
 * Electron, which is therefore there, and shows nothing.
 */
import type { App } from 'electron';

/** What the help of the command line answers to without a command. */
const questions = new Set(['--help', '-h', '--version', '-V']);

/**
 * The words behind the program's name where they are a command, else null: then it is the desktop that was started.
 * Any word makes a command, known or not, so that one that is misspelt is answered and does not open a window. Options
 * before it are Chromium's.
 *
 * @param argv of the process
 * @param isPacked false: an Electron that was told a folder to run, which is its first argument
 */
export function commandOf(argv: readonly string[], isPacked: boolean): readonly string[] | null {
  const words = argv.slice(isPacked ? 1 : 2);
  const at = words.findIndex((word) => !word.startsWith('-') || questions.has(word));
  const first = words[at];
  if (first === undefined) return null;
  return questions.has(first) || /^[a-z]+$/.test(first) ? words.slice(at) : null;
}

/** The data directory that a command names; null: it names none. */
export function dataDirOf(words: readonly string[]): string | null {
  for (const [index, word] of words.entries()) {
    if (word === '--') return null;
    if (word === '--data-dir') return words[index + 1] ?? null;
    if (word.startsWith('--data-dir=')) return word.slice('--data-dir='.length);
  }
  return null;
}

/**
 * Runs the command line in this process, which ends with its exit code. Call it before Electron is ready. What two of
 * them, or one beside the desktop, must not do at once is kept apart by the lock of the data directory.
 */
export async function runCommand(
  app: Pick<App, 'disableHardwareAcceleration' | 'dock' | 'on'>,
  words: readonly string[],
): Promise<void> {
  app.disableHardwareAcceleration();
  app.dock?.hide();
  // Electron takes the signals and makes a quit of them; the command ends by itself once it was told.
  app.on('will-quit', (event) => {
    event.preventDefault();
    process.emit('SIGTERM');
  });
  process.argv.splice(1, process.argv.length, 'epicstar', ...words);
  await import('./headless.ts');
}
