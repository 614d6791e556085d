/** @file Secrets on the desktop: real files, and a safeStorage that keeps to what Electron's documentation says of it. */
import { randomBytes } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createEnvSecrets } from '../../../src-main/engine/adapters/system/env-secrets.ts';
import { createRedactor } from '../../../src-main/engine/adapters/system/redactor.ts';
import { createSafeSecrets } from '../../../src-main/shell/safe-secrets.ts';
import { DocumentedStorage } from '../../support/documented-storage.ts';

const dirs: string[] = [];
afterEach(async () => {
  await Promise.all(dirs.splice(0).map((dir) => rm(dir, { recursive: true, force: true })));
});

interface BenchOptions {
  readonly env?: Record<string, string>;
  readonly platform?: NodeJS.Platform;
  readonly isPlainAllowed?: boolean;
  /** That of an earlier start. */
  readonly dataDir?: string;
}

async function makeDir(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'epicstar-secrets-'));
  dirs.push(dir);
  return dir;
}

async function bench(options: BenchOptions = {}) {
  const dataDir = options.dataDir ?? (await makeDir());
  const storage = new DocumentedStorage();
  const redactor = createRedactor();
  const warnings: string[] = [];
  const kept: string[] = [];
  const outside = createEnvSecrets({ env: options.env ?? {}, dataDir, redactor, platform: process.platform });
  const secrets = createSafeSecrets({
    electron: { safeStorage: storage },
    platform: options.platform ?? 'linux',
    dataDir,
    outside,
    redactor,
    log: { warn: (message, fields) => warnings.push(`${message} ${JSON.stringify(fields)}`) },
    isPlainAllowed: options.isPlainAllowed ?? false,
    keepPlainAllowed: () => {
      kept.push('allowed');
    },
  });
  const files = async () => (await readdir(join(dataDir, 'secrets')).catch((): string[] => [])).sort();
  return { dataDir, storage, redactor, warnings, kept, outside, secrets, files };
}

const token = 'ghp_abcdefghijklmnop0123';

describe('secrets with a keyring', () => {
  it('are stored encrypted, for this user alone, and read again after a restart', async () => {
    const { secrets, dataDir, files, redactor } = await bench();
    expect(await secrets.read('github-token')).toBeNull();
    expect(await secrets.origin('github-token')).toBeNull();
    await secrets.write('github-token', token);
    expect(await files()).toEqual(['github-token.enc']);
    const path = join(dataDir, 'secrets', 'github-token.enc');
    expect((await readFile(path)).includes(token)).toBe(false);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await stat(join(dataDir, 'secrets'))).mode & 0o777).toBe(0o700);
    expect(redactor.redact(`x ${token}`)).toBe('x [redacted]');

    const later = await bench({ dataDir });
    expect(await later.secrets.read('github-token')).toBe(token);
    expect(await later.secrets.origin('github-token')).toBe('your keyring (Secret Service)');
    expect(await later.secrets.isFixed('github-token')).toBe(false);
    expect(later.redactor.redact(token)).toBe('[redacted]');
    expect(later.warnings).toEqual([]);
  });

  it('are removed by null, and by an empty text', async () => {
    const { secrets, files } = await bench();
    await secrets.write('github-token', token);
    await secrets.write('github-token', null);
    await secrets.write('onedev-token', token);
    await secrets.write('onedev-token', '');
    expect(await files()).toEqual([]);
    expect(await secrets.read('github-token')).toBeNull();
  });

  it('are stored where the directory was never made', async () => {
    const dataDir = join(await makeDir(), 'not', 'yet');
    const { secrets } = await bench({ dataDir });
    await secrets.write('github-grant', '{"token":"a"}');
    expect(await secrets.read('github-grant')).toBe('{"token":"a"}');
  });

  it.each([
    ['win32', 'the data protection of your Windows account'],
    ['darwin', 'your keychain'],
  ] as const)('need no word on a backend on %s', async (platform, words) => {
    const { secrets, storage } = await bench({ platform });
    // Asking there is a mistake: the function is Linux's own.
    storage.getSelectedStorageBackend = () => {
      throw new Error('not on this platform');
    };
    await secrets.write('onedev-token', token);
    expect(await secrets.read('onedev-token')).toBe(token);
    expect(await secrets.origin('onedev-token')).toBe(words);
  });

  it('come from outside first, and then cannot be written', async () => {
    const file = join(await makeDir(), 'token');
    await writeFile(file, 'from-a-file-1234\n', { mode: 0o600 });
    const env = { EPICSTAR_GITHUB_TOKEN: 'from-environment-1', EPICSTAR_ONEDEV_TOKEN_FILE: file };
    const first = await bench();
    await first.secrets.write('github-token', token);
    const { secrets, files } = await bench({ env, dataDir: first.dataDir });
    expect(await secrets.read('github-token')).toBe('from-environment-1');
    expect(await secrets.read('onedev-token')).toBe('from-a-file-1234');
    expect(await secrets.isFixed('github-token')).toBe(true);
    expect(await secrets.origin('github-token')).toBe('environment variable EPICSTAR_GITHUB_TOKEN');
    await expect(secrets.write('github-token', 'another-token-1')).rejects.toMatchObject({ code: 'config-invalid' });
    await expect(secrets.write('onedev-token', null)).rejects.toMatchObject({ code: 'config-invalid' });
    expect(await files()).toEqual(['github-token.enc']);
  });

  it('are signed out, not a crash, once another key sealed them; told once', async () => {
    const { secrets, storage, warnings } = await bench();
    await secrets.write('github-token', token);
    storage.key = 'the keyring was made anew';
    expect(await secrets.read('github-token')).toBeNull();
    expect(await secrets.read('github-token')).toBeNull();
    expect(await secrets.origin('github-token')).toBeNull();
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain('sign in again');
    expect(warnings[0]).toContain('github-token');
    expect(warnings[0]).not.toContain(token);
    await secrets.write('github-token', 'a-new-token-9876');
    expect(await secrets.read('github-token')).toBe('a-new-token-9876');
  });

  it('are signed out where the file is damaged', async () => {
    const { secrets, dataDir, warnings } = await bench();
    await mkdir(join(dataDir, 'secrets'));
    for (const bytes of [Buffer.alloc(0), Buffer.from('v11'), randomBytes(200)]) {
      await writeFile(join(dataDir, 'secrets', 'github-token.enc'), bytes);
      expect(await secrets.read('github-token')).toBeNull();
    }
    expect(warnings).toHaveLength(1);
  });

  it('can be read again once a locked keyring was opened', async () => {
    const { secrets, storage, warnings } = await bench();
    await secrets.write('github-token', token);
    storage.isUnlocked = false;
    expect(await secrets.read('github-token')).toBeNull();
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain('locked');
    await expect(secrets.write('github-token', 'a-new-token-9876')).rejects.toMatchObject({ code: 'config-invalid' });
    storage.isUnlocked = true;
    expect(await secrets.read('github-token')).toBe(token);
  });
});

describe('plain files of an earlier serve', () => {
  it('are encrypted and removed on first read, one at a time', async () => {
    const { secrets, outside, files, storage } = await bench();
    await outside.write('github-token', token);
    await outside.write('onedev-token', 'onedev-token-12345');
    const answers = await Promise.all([
      secrets.read('github-token'),
      secrets.origin('github-token'),
      secrets.read('github-token'),
    ]);
    expect(answers).toEqual([token, 'your keyring (Secret Service)', token]);
    expect(storage.sealed).toBe(1);
    expect(await files()).toEqual(['github-token.enc', 'onedev-token']);
    expect(await secrets.read('onedev-token')).toBe('onedev-token-12345');
    expect(await files()).toEqual(['github-token.enc', 'onedev-token.enc']);
  });

  it('that were written later than the encrypted one win', async () => {
    const { secrets, outside, dataDir, files } = await bench();
    await secrets.write('github-token', token);
    await outside.write('github-token', 'signed-in-by-serve');
    await utimes(join(dataDir, 'secrets', 'github-token'), Date.now() / 1000 + 5, Date.now() / 1000 + 5);
    expect(await secrets.read('github-token')).toBe('signed-in-by-serve');
    expect(await files()).toEqual(['github-token.enc']);
    expect(await secrets.read('github-token')).toBe('signed-in-by-serve');
  });

  it('that a crash left beside a newer encrypted one are dropped', async () => {
    const { secrets, outside, dataDir, files } = await bench();
    await secrets.write('github-token', token);
    await outside.write('github-token', 'old-and-left-over');
    await utimes(join(dataDir, 'secrets', 'github-token'), Date.now() / 1000 - 60, Date.now() / 1000 - 60);
    expect(await secrets.read('github-token')).toBe(token);
    expect(await files()).toEqual(['github-token.enc']);
  });

  it('do not come back over what is stored meanwhile', async () => {
    const { secrets, outside, files } = await bench();
    await outside.write('github-token', 'old-token-12345');
    const [, , last] = await Promise.all([
      secrets.read('github-token'),
      secrets.write('github-token', token),
      secrets.read('github-token'),
    ]);
    expect(last).toBe(token);
    expect(await files()).toEqual(['github-token.enc']);
  });

  it('go with what replaces or removes them', async () => {
    const { secrets, outside, files } = await bench();
    await outside.write('github-token', 'old-token-12345');
    await outside.write('onedev-token', 'old-token-12345');
    await secrets.write('github-token', token);
    await secrets.write('onedev-token', null);
    expect(await files()).toEqual(['github-token.enc']);
    expect(await secrets.read('onedev-token')).toBeNull();
  });

  it.skipIf(process.platform === 'win32')('that others can read are refused with what to do', async () => {
    const { secrets, outside, dataDir } = await bench();
    await outside.write('github-token', token);
    await chmod(join(dataDir, 'secrets', 'github-token'), 0o644);
    await expect(secrets.read('github-token')).rejects.toThrow('chmod 600');
  });

  it('are used where the key store refuses to seal, with a warning', async () => {
    const { secrets, storage, outside, files, warnings } = await bench();
    await outside.write('github-token', token);
    storage.encryptString = () => {
      throw new Error('refused');
    };
    expect(await secrets.read('github-token')).toBe(token);
    expect(await secrets.origin('github-token')).toContain('file ');
    expect(await files()).toEqual(['github-token']);
    expect(warnings).toHaveLength(1);
    await expect(secrets.write('github-token', 'a-new-token-9876')).rejects.toMatchObject({ code: 'config-invalid' });
    expect(await secrets.read('github-token')).toBe(token);
  });
});

// The last one is of an Electron to come.
const unsealing = ['basic_text', 'unknown', 'of_tomorrow' as 'unknown'] as const;

describe.each(unsealing)('secrets with the backend %s', (backend) => {
  it('are read from plain files and stored only once the person allowed it', async () => {
    const { secrets, storage, outside, files, kept, dataDir } = await bench();
    storage.backend = backend;
    await outside.write('onedev-token', 'onedev-token-12345');
    expect(await secrets.read('onedev-token')).toBe('onedev-token-12345');
    expect(secrets.storage()).toMatchObject({ kind: 'none', isPlainAllowed: false });
    await expect(secrets.write('github-token', token)).rejects.toMatchObject({
      code: 'config-invalid',
      message: expect.stringContaining('allow plain files where you sign in'),
    });
    expect(await secrets.read('github-token')).toBeNull();
    expect(await files()).toEqual(['onedev-token']);

    await secrets.allowPlain();
    expect(kept).toEqual(['allowed']);
    expect(secrets.storage()).toMatchObject({ kind: 'none', isPlainAllowed: true });
    await secrets.write('github-token', token);
    expect(await files()).toEqual(['github-token', 'onedev-token']);
    expect((await stat(join(dataDir, 'secrets', 'github-token'))).mode & 0o777).toBe(0o600);
    expect(await secrets.read('github-token')).toBe(token);
    expect(await secrets.origin('github-token')).toBe(`file ${join(dataDir, 'secrets', 'github-token')}`);
    expect(storage.sealed).toBe(0);
  });

  it('are stored where an earlier start allowed it, and can be removed without', async () => {
    const first = await bench({ isPlainAllowed: true });
    first.storage.backend = backend;
    await first.secrets.write('github-token', token);
    const { secrets, storage, files } = await bench({ dataDir: first.dataDir });
    storage.backend = backend;
    await secrets.write('github-token', null);
    expect(await files()).toEqual([]);
  });

  it('do not pretend to have what a keyring sealed; a new one takes its place', async () => {
    const { secrets, storage, files, warnings } = await bench({ isPlainAllowed: true });
    await secrets.write('github-token', token);
    storage.backend = backend;
    expect(await secrets.read('github-token')).toBeNull();
    expect(warnings).toHaveLength(1);
    await secrets.write('github-token', 'a-new-token-9876');
    expect(await files()).toEqual(['github-token']);
    expect(await secrets.read('github-token')).toBe('a-new-token-9876');
    storage.backend = 'kwallet6';
    expect(await secrets.read('github-token')).toBe('a-new-token-9876');
    expect(await secrets.origin('github-token')).toBe('your keyring (KWallet)');
    expect(await files()).toEqual(['github-token.enc']);
  });
});

it('a word that could not be kept is not taken as given', async () => {
  const { storage, outside, redactor, dataDir } = await bench();
  storage.backend = 'basic_text';
  const secrets = createSafeSecrets({
    electron: { safeStorage: storage },
    platform: 'linux',
    dataDir,
    outside,
    redactor,
    log: { warn: () => undefined },
    isPlainAllowed: false,
    keepPlainAllowed: () => Promise.reject(new Error('the disk is full')),
  });
  await expect(secrets.allowPlain()).rejects.toThrow('the disk is full');
  await expect(secrets.write('github-token', token)).rejects.toMatchObject({ code: 'config-invalid' });
});
