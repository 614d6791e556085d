/**
 * @file Secrets on the desktop, in this order: what comes from outside (environment, `…_FILE`, systemd), then files
 * sealed by the system's key store. Plain files that `serve` left in the same data directory are taken over. Where the
 * system keeps no keys, files stay plain, once the person said yes to that.
 */
import { readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { EpicstarError, type Redactor, type SecretName, type Secrets } from '../engine/core/engine-api.ts';
import { replaceFile } from './replace-file.ts';
import { Vault, type VaultElectron, type VaultState } from './vault.ts';

export interface SafeSecretsOptions {
  readonly electron: VaultElectron;
  readonly platform: NodeJS.Platform;
  readonly dataDir: string;
  /** Environment, files it names, credentials, and plain files in `dataDir`. */
  readonly outside: Secrets;
  readonly redactor: Pick<Redactor, 'add'>;
  readonly log: { warn(message: string, fields?: Readonly<Record<string, unknown>>): void };
  /** What the person said earlier. */
  readonly isPlainAllowed: boolean;
  /** Keeps what the person said, for the next start. */
  readonly keepPlainAllowed: () => void | Promise<void>;
}

export interface SafeSecrets extends Secrets {
  /** Where the next secret goes. */
  storage(): VaultState & { readonly isPlainAllowed: boolean };
  /** The person's word: where no key store is to be had, secrets are kept in files that only this user can read. */
  allowPlain(): Promise<void>;
}

const privateModes = { file: 0o600, folder: 0o700 } as const;

class SealedSecrets implements SafeSecrets {
  readonly #options: SafeSecretsOptions;
  readonly #vault: Vault;
  #isPlainAllowed: boolean;
  /** One after the other: a file that is being taken over must not overwrite what is stored meanwhile. */
  #turn: Promise<unknown> = Promise.resolve();
  readonly #warned = new Set<string>();

  constructor(options: SafeSecretsOptions) {
    this.#options = options;
    this.#vault = new Vault(options.electron, options.platform);
    this.#isPlainAllowed = options.isPlainAllowed;
  }

  storage(): VaultState & { readonly isPlainAllowed: boolean } {
    return { ...this.#vault.state(), isPlainAllowed: this.#isPlainAllowed };
  }

  async allowPlain(): Promise<void> {
    await this.#options.keepPlainAllowed();
    this.#isPlainAllowed = true;
  }

  isFixed(name: SecretName): Promise<boolean> {
    return this.#options.outside.isFixed(name);
  }

  async read(name: SecretName): Promise<string | null> {
    const { outside } = this.#options;
    if (await outside.isFixed(name)) return outside.read(name);
    return this.#take(async () => (await this.#stored(name))?.value ?? null);
  }

  async origin(name: SecretName): Promise<string | null> {
    const { outside } = this.#options;
    if (await outside.isFixed(name)) return outside.origin(name);
    return this.#take(async () => (await this.#stored(name))?.words ?? null);
  }

  async write(name: SecretName, value: string | null): Promise<void> {
    const { outside, redactor } = this.#options;
    // Says itself where the value comes from.
    if (await outside.isFixed(name)) return outside.write(name, value);
    return this.#take(async () => {
      if (value === null || value === '') {
        await outside.write(name, null);
        await this.#removeSealed(name);
        return;
      }
      redactor.add(value);
      const state = this.#vault.state();
      if (state.kind === 'sealed') {
        await this.#writeSealed(name, value);
        await outside.write(name, null);
        return;
      }
      if (!this.#isPlainAllowed) throw plainNotAllowed(state.reason);
      await outside.write(name, value);
      await this.#removeSealed(name);
    });
  }

  async #stored(name: SecretName): Promise<{ readonly value: string; readonly words: string } | null> {
    const { outside, redactor } = this.#options;
    const state = this.#vault.state();
    const plainMs = await changedMs(this.#plainPath(name));
    const sealedMs = await changedMs(this.#sealedPath(name));
    // Sealing ends with removing the plain file, so an older one is what a crash left; a newer one was stored by `serve`.
    if (plainMs !== null && (state.kind === 'none' || sealedMs === null || plainMs > sealedMs)) {
      const words = (await outside.origin(name)) ?? `file ${this.#plainPath(name)}`;
      const value = await outside.read(name);
      if (value === null) return null;
      if (state.kind === 'none') return { value, words };
      return { value, words: (await this.#takeOver(name, value)) ? state.words : words };
    }
    if (sealedMs === null) return null;
    if (state.kind === 'none') return this.#lost(name, state.reason);
    const value = this.#vault.unseal(await this.#readSealed(name));
    if (value === null) return this.#lost(name, 'It was sealed by another key.');
    redactor.add(value);
    if (plainMs !== null) await outside.write(name, null);
    return { value, words: state.words };
  }

  #lost(name: SecretName, reason: string): null {
    this.#warnOnce(name, 'a stored secret cannot be opened: sign in again', { secret: name, reason });
    return null;
  }

  /** False: it stays where it was, which is no reason not to work with it. */
  async #takeOver(name: SecretName, value: string): Promise<boolean> {
    try {
      await this.#writeSealed(name, value);
      await this.#options.outside.write(name, null);
      return true;
    } catch (error) {
      this.#warnOnce(name, 'a secret stays in a plain file', { secret: name, error });
      return false;
    }
  }

  async #writeSealed(name: SecretName, value: string): Promise<void> {
    let bytes: Uint8Array;
    try {
      bytes = this.#vault.seal(value);
    } catch (error) {
      throw new EpicstarError('config-invalid', 'The key store of this system refused to keep the secret.', {
        cause: error,
      });
    }
    await replaceFile(this.#sealedPath(name), bytes, privateModes);
    this.#warned.delete(name);
  }

  async #readSealed(name: SecretName): Promise<Uint8Array> {
    const path = this.#sealedPath(name);
    try {
      return await readFile(path);
    } catch (error) {
      throw new EpicstarError('config-invalid', `The file ${path} cannot be read (${codeOf(error)}).`, {
        cause: error,
      });
    }
  }

  async #removeSealed(name: SecretName): Promise<void> {
    await rm(this.#sealedPath(name), { force: true });
    this.#warned.delete(name);
  }

  #warnOnce(name: SecretName, message: string, fields: Readonly<Record<string, unknown>>): void {
    if (this.#warned.has(name)) return;
    this.#warned.add(name);
    this.#options.log.warn(message, fields);
  }

  #plainPath(name: SecretName): string {
    return join(this.#options.dataDir, 'secrets', name);
  }

  #sealedPath(name: SecretName): string {
    return `${this.#plainPath(name)}.enc`;
  }

  #take<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#turn.then(work, work);
    this.#turn = mine.catch(() => undefined);
    return mine;
  }
}

function plainNotAllowed(reason: string): EpicstarError {
  return new EpicstarError(
    'config-invalid',
    `${reason} Unlock or install a keyring (GNOME Keyring or KWallet) and start epicstar again, or allow plain files where` +
      ' you sign in, or under Secrets in the settings of this program.',
  );
}

function codeOf(thrown: unknown): string {
  return thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
}

/** Null where there is no such file. */
async function changedMs(path: string): Promise<number | null> {
  try {
    return (await stat(path)).mtimeMs;
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return null;
    throw new EpicstarError('config-invalid', `The file ${path} cannot be read (${codeOf(error)}).`, { cause: error });
  }
}

/** Electron must be ready: before that Linux does not tell which key store it has. */
export function createSafeSecrets(options: SafeSecretsOptions): SafeSecrets {
  return new SealedSecrets(options);
}
