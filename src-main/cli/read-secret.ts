/** @file Reading a secret from the person at the terminal without showing it, or one line from a pipe. */
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { EpicstarError } from '../engine/core/engine-api.ts';

interface SecretInput {
  readonly input: NodeJS.ReadStream;
  readonly output: NodeJS.WriteStream;
  readonly interrupted: AbortSignal;
  /** Ctrl+C is no signal while a line is being typed; this makes it one. */
  readonly interrupt: () => void;
  /** Default: not. */
  readonly isShown?: boolean;
}

const mostChars = 65_536;

/** See `Terminal` in application.ts. */
export function readSecret(
  prompt: string,
  { input, output, interrupted, interrupt, isShown = false }: SecretInput,
): Promise<string> {
  const isTyped = input.isTTY;
  // Where a person types, readline would repeat every letter to its output.
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input, terminal: isTyped, output: isShown ? output : nowhere, historySize: 0 });
  // Only now the terminal itself shows nothing of what is typed.
  if (isTyped && !isShown) output.write(`${prompt} `);
  // What is drawn again with each letter has to know the prompt.
  if (isShown) {
    lines.setPrompt(`${prompt} `);
    lines.prompt();
  }
  return new Promise<string>((resolve, reject) => {
    const cancel = (): void => reject(new EpicstarError('cancelled', ''));
    interrupted.addEventListener('abort', cancel, { once: true });
    if (interrupted.aborted) cancel();
    lines.once('SIGINT', interrupt);
    lines.once('line', (line) => {
      if (line.length <= mostChars) resolve(line.trim());
      else reject(new EpicstarError('config-invalid', 'The line on the standard input is too long.'));
    });
    lines.once('close', () => reject(new EpicstarError('config-invalid', 'Nothing was given on the standard input.')));
  }).finally(() => {
    lines.close();
    input.pause();
    if (isTyped && !isShown) output.write('\n');
  });
}
