/**
 * @file Secrets where there is no keyring. In this order: environment variable, file that `…_FILE` names, systemd
 * credential, file in the data directory. Only the last can be written.
 */
import { readFile, rm, stat } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';
import { EpicstarError } from '../../domain/errors.ts';
import type { Redactor } from '../../ports/log.ts';
import type { OutsideSecretName, SecretName, Secrets } from '../../ports/secrets.ts';
import { replaceFile } from './atomic-file.ts';

export type Environment = Record<string, string | undefined>;

export interface EnvSecretsOptions {
  readonly env: Readonly<Environment>;
  readonly dataDir: string;
  readonly redactor: Redactor;
  readonly platform: NodeJS.Platform;
}

export const secretVariables: Readonly<Record<OutsideSecretName, string>> = {
  'github-token': 'EPICSTAR_GITHUB_TOKEN',
  'onedev-token': 'EPICSTAR_ONEDEV_TOKEN',
  'webhook-secret': 'EPICSTAR_WEBHOOK_SECRET',
  'web-token': 'EPICSTAR_WEB_TOKEN',
  'attach-token': 'EPICSTAR_ATTACH_TOKEN',
  'push-token': 'EPICSTAR_PUSH_TOKEN',
};

/** Where container engines put secrets: readable by all inside, but the inside is this program alone. */
const containerSecretsDir = `${sep}run${sep}secrets${sep}`;

interface Source {
  readonly words: string;
  readonly path: string | null;
  /** Others may not be able to read the file. */
  readonly isGuarded: boolean;
  readonly value: string | null;
}

function codeOf(thrown: unknown): string {
  return thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
}

function invalid(detail: string, cause?: unknown): EpicstarError {
  return new EpicstarError('config-invalid', detail, { cause });
}

/** Removes the variables that hold secrets, so that no child process inherits them. Call it once they were taken. */
export function scrubSecretVariables(env: Environment): void {
  for (const variable of Object.values(secretVariables)) delete env[variable];
}

/** The variables that {@link scrubSecretVariables} removes, for a program that starts itself anew. */
export function pickSecretVariables(env: Readonly<Environment>): Environment {
  const named = Object.values(secretVariables).filter((variable) => env[variable] !== undefined);
  return Object.fromEntries(named.map((variable) => [variable, env[variable]]));
}

class EnvSecrets implements Secrets {
  readonly #options: EnvSecretsOptions;
  /** Taken at the start, since the variables are removed then. */
  readonly #values: ReadonlyMap<SecretName, string>;

  constructor(options: EnvSecretsOptions) {
    this.#options = options;
    const values = new Map<SecretName, string>();
    const names = [
      'github-token',
      'onedev-token',
      'webhook-secret',
      'web-token',
      'attach-token',
      'push-token',
    ] as const;
    for (const name of names) {
      const value = trimNewline(options.env[secretVariables[name]] ?? '');
      if (value === '') continue;
      options.redactor.add(value);
      values.set(name, value);
    }
    this.#values = values;
  }

  async read(name: SecretName): Promise<string | null> {
    const source = await this.#find(name);
    if (source === null) return null;
    const value = source.value ?? (await this.#readFile(source));
    if (value === '') return null;
    this.#options.redactor.add(value);
    // Such a value would break out of the header that it is sent in.
    if (/\p{Cc}/u.test(value)) throw invalid(`The value of ${source.words} holds a control character.`);
    return value;
  }

  async write(name: SecretName, value: string | null): Promise<void> {
    const source = this.#outside(name) ?? (await this.#credential(name));
    if (source !== null) throw invalid(`The value comes from ${source.words}; change it there.`);
    const path = this.#ownPath(name);
    if (value === null) {
      await rm(path, { force: true });
      return;
    }
    this.#options.redactor.add(value);
    await replaceFile(path, `${value}\n`);
  }

  async isFixed(name: SecretName): Promise<boolean> {
    return (this.#outside(name) ?? (await this.#credential(name))) !== null;
  }

  async origin(name: SecretName): Promise<string | null> {
    return (await this.#find(name))?.words ?? null;
  }

  async #find(name: SecretName): Promise<Source | null> {
    return this.#outside(name) ?? (await this.#credential(name)) ?? (await this.#own(name));
  }

  #outside(name: SecretName): Source | null {
    if (!isOutsideName(name)) return null;
    const variable = secretVariables[name];
    const value = this.#values.get(name);
    if (value !== undefined) {
      return { words: `environment variable ${variable}`, path: null, isGuarded: false, value };
    }
    const named = this.#options.env[`${variable}_FILE`] ?? '';
    if (named === '') return null;
    const path = resolve(named);
    const isGuarded = !path.startsWith(containerSecretsDir);
    return { words: `file ${path} (${variable}_FILE)`, path, isGuarded, value: null };
  }

  /** See systemd.exec(5), LoadCredential: the folder is this service's alone, whatever the mode of the files says. */
  async #credential(name: SecretName): Promise<Source | null> {
    const folder = this.#options.env.CREDENTIALS_DIRECTORY ?? '';
    if (folder === '' || !isOutsideName(name)) return null;
    const path = join(folder, `epicstar-${name}`);
    if (!(await exists(path))) return null;
    return { words: `systemd credential epicstar-${name}`, path, isGuarded: false, value: null };
  }

  async #own(name: SecretName): Promise<Source | null> {
    const path = this.#ownPath(name);
    return (await exists(path)) ? { words: `file ${path}`, path, isGuarded: true, value: null } : null;
  }

  #ownPath(name: SecretName): string {
    return join(this.#options.dataDir, 'secrets', name);
  }

  async #readFile({ path, words, isGuarded }: Source): Promise<string> {
    if (path === null) return '';
    try {
      const { mode } = await stat(path);
      if (isGuarded && this.#options.platform !== 'win32' && (mode & 0o077) !== 0) {
        throw invalid(`Other users can read the ${words}. Run: chmod 600 ${path}`);
      }
      return trimNewline(await readFile(path, 'utf8'));
    } catch (error) {
      if (error instanceof EpicstarError) throw error;
      throw invalid(`The ${words} cannot be read (${codeOf(error)}).`, error);
    }
  }
}

function isOutsideName(name: SecretName): name is OutsideSecretName {
  return Object.hasOwn(secretVariables, name);
}

function trimNewline(text: string): string {
  return text.replace(/\r?\n$/, '');
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return false;
    throw invalid(`The file ${path} cannot be read (${codeOf(error)}).`, error);
  }
}

/** Takes what the environment holds at once; files are read anew each time. */
export function createEnvSecrets(options: EnvSecretsOptions): Secrets {
  return new EnvSecrets(options);
}
