/**
 * @file What the set-up says to a person. Everything goes to stderr: stdout belongs to the task that runs afterwards.
 */

/** A failure with its cause and one next step; `main` prints it and exits with code 2. */
export class SetupError extends Error {
  /**
   * @param {string} what what is wrong, one sentence
   * @param {string} why the cause
   * @param {string} next what to do now
   * @param {string} [details] output of the tool that failed
   */
  constructor(what, why, next, details = '') {
    super(what);
    this.name = 'SetupError';
    this.why = why;
    this.next = next;
    this.details = details;
  }
}

/** @param {string} line */
export function say(line) {
  process.stderr.write(`epicstar: ${line}\n`);
}

/** @param {SetupError} error */
export function sayError(error) {
  if (error.details !== '') {
    process.stderr.write(`${error.details.trimEnd()}\n\n`);
  }
  say(`set-up stopped.\n  What: ${error.message}\n  Why:  ${error.why}\n  Next: ${error.next}`);
}

const aliveEveryMs = 15_000;
const spinnerEveryMs = 120;
const spinnerSigns = ['|', '/', '-', '\\'];

/**
 * Runs one long step between a line at its start and one at its end. In between a terminal sees a spinner, anything
 * else a line every 15 s, so that a log shows that it lives.
 *
 * @template T
 * @param {string} title
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function step(title, work) {
  const startedMs = Date.now();
  const elapsed = () => `${Math.round((Date.now() - startedMs) / 1000)} s`;
  const isTerminal = process.stderr.isTTY === true && process.env['TERM'] !== 'dumb';
  let turn = 0;
  say(`${title} …`);
  const timer = setInterval(
    () => {
      if (isTerminal) {
        turn = (turn + 1) % spinnerSigns.length;
        process.stderr.write(`\r  ${spinnerSigns[turn]} ${elapsed()} `);
      } else {
        say(`${title}: still at it, ${elapsed()}`);
      }
    },
    isTerminal ? spinnerEveryMs : aliveEveryMs,
  );
  const endLine = () => {
    clearInterval(timer);
    if (isTerminal) {
      process.stderr.write('\r\x1b[K');
    }
  };
  try {
    const result = await work();
    endLine();
    say(`${title}: done in ${elapsed()}`);
    return result;
  } catch (error) {
    endLine();
    say(`${title}: failed after ${elapsed()}`);
    throw error;
  }
}
