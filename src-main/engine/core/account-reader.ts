/** @file Whose stars they are: asked for once, after a look has shown that GitHub answers. */
import { toEpicstarError } from '../domain/errors.ts';
import type { Github } from '../ports/github.ts';
import type { Log } from '../ports/log.ts';
import type { Overview } from './engine-api.ts';

export interface AccountReaderParts {
  readonly github: Pick<Github, 'host' | 'viewer'>;
  readonly log: Log;
  readonly onChange: () => void;
  /** Aborts as the signal does, and when the engine ends. */
  readonly untilEnd: (signal: AbortSignal) => AbortSignal;
}

const longestMs = 30_000;

export class AccountReader {
  readonly #parts: AccountReaderParts;
  #account: Overview['account'] = null;

  constructor(parts: AccountReaderParts) {
    this.#parts = parts;
  }

  /** Null until it is known. */
  get current(): Overview['account'] {
    return this.#account;
  }

  /** Another account may have signed in. */
  forget(): void {
    this.#account = null;
  }

  /** Asks where it is not known. Never rejects: the next look asks again. */
  async read(): Promise<void> {
    if (this.#account !== null) return;
    const { github, log, onChange, untilEnd } = this.#parts;
    const signal = untilEnd(AbortSignal.timeout(longestMs));
    try {
      const { login } = await github.viewer(signal);
      this.#account = { login, host: github.host };
      onChange();
    } catch (thrown) {
      const { code, message, kind } = toEpicstarError(thrown);
      // An engine that ends needs no name.
      if (kind !== 'cancelled') log.warn('the name of the GitHub account could not be read', { code, message });
    }
  }
}
