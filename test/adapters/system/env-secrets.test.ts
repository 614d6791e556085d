import { chmod, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  createEnvSecrets,
  type Environment,
  scrubSecretVariables,
} from '../../../src-main/engine/adapters/system/env-secrets.ts';
import { createRedactor } from '../../../src-main/engine/adapters/system/redactor.ts';
import type { SecretName } from '../../../src-main/engine/ports/secrets.ts';
import { makeDir } from './bench-dir.ts';

async function bench(env: Environment = {}) {
  const dataDir = await makeDir();
  const redactor = createRedactor();
  const secrets = createEnvSecrets({ env, dataDir, redactor, platform: process.platform });
  return { dataDir, redactor, secrets };
}

async function writeSecret(path: string, text: string, mode = 0o600): Promise<void> {
  await writeFile(path, text);
  await chmod(path, mode);
}

describe('secrets on a server', () => {
  it('are null where nothing is set', async () => {
    const { secrets } = await bench({ EPICSTAR_GITHUB_TOKEN: '' });
    expect(await secrets.read('github-token')).toBeNull();
    expect(await secrets.origin('github-token')).toBeNull();
  });

  it('come from the environment, also after the variables were removed', async () => {
    const env: Environment = {
      EPICSTAR_GITHUB_TOKEN: 'ghp_0123456789\n',
      EPICSTAR_WEB_TOKEN: 'web-0123456789',
      PATH: '/bin',
    };
    const { secrets, redactor } = await bench(env);
    expect(redactor.redact('ghp_0123456789')).toBe('[redacted]');
    scrubSecretVariables(env);
    expect(env).toEqual({ PATH: '/bin' });
    expect(await secrets.read('github-token')).toBe('ghp_0123456789');
    expect(await secrets.read('web-token')).toBe('web-0123456789');
    expect(await secrets.origin('github-token')).toBe('environment variable EPICSTAR_GITHUB_TOKEN');
  });

  it('come from a named file, read anew each time, without its last newline', async () => {
    const path = join(await makeDir(), 'token');
    await writeSecret(path, 'first-token-1\r\n');
    const { secrets, redactor } = await bench({ EPICSTAR_ONEDEV_TOKEN_FILE: path });
    expect(await secrets.read('onedev-token')).toBe('first-token-1');
    await writeSecret(path, 'second-token-2');
    expect(await secrets.read('onedev-token')).toBe('second-token-2');
    expect(redactor.redact('first-token-1 second-token-2')).toBe('[redacted] [redacted]');
    expect(await secrets.origin('onedev-token')).toBe(`file ${path} (EPICSTAR_ONEDEV_TOKEN_FILE)`);
  });

  it('come from systemd credentials, whatever their mode', async () => {
    const folder = await makeDir();
    await writeSecret(join(folder, 'epicstar-github-token'), 'from-systemd\n', 0o440);
    const { secrets } = await bench({ CREDENTIALS_DIRECTORY: folder });
    expect(await secrets.read('github-token')).toBe('from-systemd');
    expect(await secrets.origin('github-token')).toBe('systemd credential epicstar-github-token');
    expect(await secrets.read('onedev-token')).toBeNull();
  });

  it('are taken in a fixed order', async () => {
    const folder = await makeDir();
    await writeSecret(join(folder, 'epicstar-github-token'), 'from-systemd');
    await writeSecret(join(folder, 'named'), 'from-file-x');
    const env = {
      EPICSTAR_GITHUB_TOKEN: 'from-variable',
      EPICSTAR_GITHUB_TOKEN_FILE: join(folder, 'named'),
      CREDENTIALS_DIRECTORY: folder,
    };
    const seen: (string | null)[] = [];
    for (const name of ['EPICSTAR_GITHUB_TOKEN', 'EPICSTAR_GITHUB_TOKEN_FILE', 'CREDENTIALS_DIRECTORY'] as const) {
      const { secrets } = await bench(env);
      seen.push(await secrets.read('github-token'));
      env[name] = '';
    }
    expect(seen).toEqual(['from-variable', 'from-file-x', 'from-systemd']);
  });

  it('are stored in the data directory for this user alone', async () => {
    const { secrets, dataDir, redactor } = await bench();
    await secrets.write('github-token', 'stored-token');
    expect(await secrets.read('github-token')).toBe('stored-token');
    expect(redactor.redact('stored-token')).toBe('[redacted]');
    const path = join(dataDir, 'secrets', 'github-token');
    expect(await secrets.origin('github-token')).toBe(`file ${path}`);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await stat(join(dataDir, 'secrets'))).mode & 0o777).toBe(0o700);
    await secrets.write('github-token', 'replaced-token');
    expect(await readFile(path, 'utf8')).toBe('replaced-token\n');
    expect(await readdir(join(dataDir, 'secrets'))).toEqual(['github-token']);
    await secrets.write('github-token', null);
    await secrets.write('github-token', null);
    expect(await secrets.read('github-token')).toBeNull();
  });

  it('that come from outside cannot be written', async () => {
    const folder = await makeDir();
    await writeSecret(join(folder, 'epicstar-web-token'), 'from-systemd');
    const { secrets } = await bench({
      EPICSTAR_GITHUB_TOKEN: 'from-variable',
      EPICSTAR_ONEDEV_TOKEN_FILE: '/somewhere',
      CREDENTIALS_DIRECTORY: folder,
    });
    for (const name of ['github-token', 'onedev-token', 'web-token'] as const) {
      await expect(secrets.write(name, 'new-value-1')).rejects.toMatchObject({ code: 'config-invalid' });
      await expect(secrets.write(name, null)).rejects.toThrow('change it there');
    }
    await secrets.write('webhook-secret', 'new-value-1');
    expect(await secrets.read('webhook-secret')).toBe('new-value-1');
  });

  it('tell whether they come from outside', async () => {
    const folder = await makeDir();
    await writeSecret(join(folder, 'epicstar-web-token'), 'from-systemd');
    const { secrets } = await bench({
      EPICSTAR_GITHUB_TOKEN: 'from-variable',
      EPICSTAR_ONEDEV_TOKEN_FILE: '/somewhere',
      EPICSTAR_WEBHOOK_SECRET: '',
      CREDENTIALS_DIRECTORY: folder,
    });
    const isFixed = (names: readonly SecretName[]): Promise<readonly boolean[]> =>
      Promise.all(names.map((name) => secrets.isFixed(name)));
    expect(await isFixed(['github-token', 'onedev-token', 'web-token'])).toEqual([true, true, true]);
    await secrets.write('webhook-secret', 'stored-here-1');
    expect(await isFixed(['webhook-secret'])).toEqual([false]);
  });

  it.each(['github-grant', 'github-device-flow'] as const)(
    'of a sign-in live in the data directory alone: %s',
    async (name) => {
      const folder = await makeDir();
      const variable = `EPICSTAR_${name.replaceAll('-', '_').toUpperCase()}`;
      await writeSecret(join(folder, `epicstar-${name}`), 'from-systemd');
      await writeSecret(join(folder, 'named'), 'from-file-x');
      const { secrets, dataDir, redactor } = await bench({
        [variable]: 'from-variable',
        [`${variable}_FILE`]: join(folder, 'named'),
        CREDENTIALS_DIRECTORY: folder,
      });
      expect([await secrets.read(name), await secrets.origin(name)]).toEqual([null, null]);
      expect(await secrets.isFixed(name)).toBe(false);
      const stored = JSON.stringify({ token: 'gho_0123456789' });
      await secrets.write(name, stored);
      const path = join(dataDir, 'secrets', name);
      expect([await secrets.read(name), await secrets.origin(name)]).toEqual([stored, `file ${path}`]);
      expect((await stat(path)).mode & 0o777).toBe(0o600);
      expect(redactor.redact(stored)).toBe('[redacted]');
      await secrets.write(name, null);
      expect(await readdir(join(dataDir, 'secrets'))).toEqual([]);
    },
  );

  it.skipIf(process.platform === 'win32').each([0o640, 0o604, 0o666, 0o610])(
    'that others can read are refused: mode %o',
    async (mode) => {
      const path = join(await makeDir(), 'token');
      await writeSecret(path, 'open-to-all-1', mode);
      const named = await bench({ EPICSTAR_GITHUB_TOKEN_FILE: path });
      await expect(named.secrets.read('github-token')).rejects.toMatchObject({
        code: 'config-invalid',
        message: expect.stringContaining(`chmod 600 ${path}`),
      });
      const own = await bench();
      await mkdir(join(own.dataDir, 'secrets'));
      await writeSecret(join(own.dataDir, 'secrets', 'onedev-token'), 'open-to-all-2', mode);
      await expect(own.secrets.read('onedev-token')).rejects.toThrow('chmod 600');
    },
  );

  it('whose file is missing or holds more than one line are refused, without a word of them', async () => {
    const dir = await makeDir();
    const missing = await bench({ EPICSTAR_GITHUB_TOKEN_FILE: join(dir, 'missing') });
    await expect(missing.secrets.read('github-token')).rejects.toMatchObject({
      code: 'config-invalid',
      message: expect.stringContaining(join(dir, 'missing')),
    });
    await writeSecret(join(dir, 'lines'), 'first-line\nsecond-line\n');
    const lines = await bench({ EPICSTAR_GITHUB_TOKEN_FILE: join(dir, 'lines') });
    await expect(lines.secrets.read('github-token')).rejects.toMatchObject({
      code: 'config-invalid',
      message: expect.not.stringContaining('first-line'),
    });
  });
});
