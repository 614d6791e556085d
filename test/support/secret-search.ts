/**
 * @file Looks for secrets wherever a program could have left them, in each form in which they travel. Shares no code
 * with what hides them.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';

export interface Secret {
  readonly name: string;
  readonly value: string;
}

export interface Place {
  readonly name: string;
  readonly bytes: Buffer;
}

/** Users before the colon of basic authentication, of as many lengths modulo three as there are. */
const users = ['', 'x-access-token:', 'stella:', 'admin:', 'x:', 'xy:'];

/** A secret as it is, in URLs, in hex, and in base64 wherever it begins within three bytes. */
export function formsOf(value: string): readonly string[] {
  const hex = Buffer.from(value).toString('hex');
  const whole = users.map((user) => Buffer.from(`${user}${value}`).toString('base64').replace(/=+$/, ''));
  const inside = [0, 1, 2].map((offset) => {
    const text = Buffer.from(`${'x'.repeat(offset)}${value}`)
      .toString('base64')
      .replace(/=+$/, '');
    // The first and the last characters depend on what stands beside the secret.
    return text.slice(offset === 0 ? 0 : offset + 1, -2);
  });
  const base64 = [...whole, ...inside];
  const urlSafe = base64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_'));
  const inUrl = [...base64, value].map((text) => encodeURIComponent(text));
  return [...new Set([value, hex, hex.toUpperCase(), ...base64, ...urlSafe, ...inUrl])];
}

/** `<place>: <secret>` for each secret that is in a place in any form. */
export function findSecrets(places: readonly Place[], secrets: readonly Secret[]): readonly string[] {
  const searched = secrets.map(({ name, value }) => ({ name, forms: formsOf(value) }));
  return places.flatMap((place) =>
    searched
      .filter(({ forms }) => forms.some((form) => place.bytes.includes(form)))
      .map(({ name }) => `${place.name}: ${name}`),
  );
}

/** Every file below a folder, named by its path from there. */
export async function filesBelow(dir: string): Promise<readonly Place[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return Promise.all(
    files.map(async (file) => {
      const path = join(file.parentPath, file.name);
      return { name: relative(dir, path), bytes: await readFile(path) };
    }),
  );
}

/** Reads the command lines of all processes of this system again and again. Linux alone. */
export class CommandLineSampler {
  readonly #lines = new Set<string>();
  readonly #timer: NodeJS.Timeout;

  constructor(everyMs = 30) {
    this.#timer = setInterval(() => this.#sample(), everyMs);
  }

  /** All command lines that were seen so far. */
  lines(): readonly string[] {
    return [...this.#lines];
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #sample(): void {
    for (const pid of readdirSync('/proc')) {
      if (!/^\d+$/.test(pid)) continue;
      try {
        this.#lines.add(readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' '));
      } catch {
        // It ended meanwhile.
      }
    }
  }
}
