/** @file The environment that git runs in. */
import { describe, expect, test } from 'vitest';
import {
  baseEnvironment,
  callEnvironment,
  type Environment,
  httpOrigin,
  secretsOf,
} from '../../../src-main/engine/adapters/git/environment.ts';
import type { GitRemote } from '../../../src-main/engine/ports/git.ts';

const options = {
  processEnv: {
    PATH: '/bin',
    TMPDIR: '/var/tmp',
    HTTPS_PROXY: 'http://proxy:3128',
    GIT_DIR: '/x',
    GIT_TRACE_CURL: '1',
    HOME: '/home/a',
    SECRET: 's',
  },
  platform: 'linux' as NodeJS.Platform,
  homeDir: '/data/git-home',
  caBundlePath: null,
};
const base = baseEnvironment(options);
const envFor = (remote: GitRemote | null, proxy: string | null = null): Environment =>
  callEnvironment(base, options, remote, '/data/file.gitconfig', proxy);

function configOf(env: Environment): Map<string, string> {
  return new Map(
    Array.from({ length: Number(env['GIT_CONFIG_COUNT']) }, (_, index) => [
      env[`GIT_CONFIG_KEY_${index}`] ?? '',
      env[`GIT_CONFIG_VALUE_${index}`] ?? '',
    ]),
  );
}

describe('the environment', () => {
  test('inherits the search path and the temporary folder, nothing else', () => {
    expect(base).toMatchObject({ PATH: '/bin', TMPDIR: '/var/tmp' });
    expect(base['HOME']).toBe('/data/git-home');
    for (const name of ['GIT_DIR', 'GIT_TRACE_CURL', 'SECRET', 'HTTPS_PROXY']) expect(base).not.toHaveProperty(name);
  });

  test('names the proxy of a call, or that there is none, to http alone', () => {
    const remote = { url: 'https://onedev.example.org/a', transport: 'http', authorization: null } as const;
    expect(configOf(envFor(remote, 'http://a:b@proxy:3128')).get('http.proxy')).toBe('http://a:b@proxy:3128');
    expect(configOf(envFor(remote)).get('http.proxy')).toBe('');
    expect(configOf(envFor({ ...remote, url: '/nas/a.git', transport: 'file' })).has('http.proxy')).toBe(false);
    expect(configOf(envFor(null)).has('http.proxy')).toBe(false);
  });

  test('binds the header to the origin of the remote', () => {
    const url = 'https://onedev.example.org:8443/sub/github/a/b';
    const env = envFor({ url, transport: 'http', authorization: 'Bearer token' });
    expect(configOf(env).get('http.https://onedev.example.org:8443/.extraHeader')).toBe('Authorization: Bearer token');
    expect(JSON.stringify(env).split('token')).toHaveLength(2);
    expect(env['GIT_ALLOW_PROTOCOL']).toBe('https');
    const anonymous = envFor({ url, transport: 'http', authorization: null });
    expect([...configOf(anonymous).keys()].filter((key) => key.endsWith('extraHeader'))).toEqual([]);
  });

  test('allows one transport alone, and none to local work', () => {
    expect(envFor(null)['GIT_ALLOW_PROTOCOL']).toBe('none');
    const file = envFor({ url: '/nas/a.git', transport: 'file', authorization: 'Bearer token-of-nobody' });
    expect(file['GIT_ALLOW_PROTOCOL']).toBe('file');
    expect(file['GIT_CONFIG_GLOBAL']).toBe('/data/file.gitconfig');
    expect(JSON.stringify(file)).not.toContain('token-of-nobody');
    const plain = envFor({ url: 'http://127.0.0.1:1/a', transport: 'http', authorization: null });
    expect(plain['GIT_ALLOW_PROTOCOL']).toBe('http');
    expect(plain['GIT_CONFIG_GLOBAL']).toBe('/dev/null');
  });

  test('turns off hooks, housekeeping and redirects in every call', () => {
    const config = configOf(envFor(null));
    expect(config.get('core.hooksPath')).toBe('/dev/null');
    expect(config.get('http.followRedirects')).toBe('false');
    expect(config.get('gc.auto')).toBe('0');
    expect(config.get('maintenance.auto')).toBe('false');
  });

  test('refuses addresses with credentials, other schemes, and headers with line breaks', () => {
    for (const url of [
      'https://user:pass@host/a',
      'ext::sh -c x',
      'ftp://host/a',
      '/path',
      'file:///a',
      '--upload-pack=x',
    ]) {
      expect(() => httpOrigin(url)).toThrow(expect.objectContaining({ code: 'git-failed' }));
    }
    const split = { url: 'https://h/a', transport: 'http', authorization: 'Bearer a\r\nX: y' } as const;
    expect(() => envFor(split)).toThrow(expect.objectContaining({ code: 'git-failed' }));
  });

  test('uses the TLS of Windows there, unless certificates are given', () => {
    const windows = { ...options, platform: 'win32' as NodeJS.Platform };
    expect(configOf(callEnvironment(base, windows, null, '', null)).get('http.sslBackend')).toBe('schannel');
    const given = { ...windows, caBundlePath: 'C:\\ca.pem' };
    expect(configOf(callEnvironment(base, given, null, '', null)).get('http.sslBackend')).toBe('openssl');
    expect(baseEnvironment(given)['GIT_SSL_CAINFO']).toBe('C:\\ca.pem');
    expect(configOf(envFor(null)).has('http.sslBackend')).toBe(false);
  });
});

test('secretsOf takes an Authorization value apart', () => {
  expect(secretsOf('Bearer abc')).toEqual(['Bearer abc', 'abc']);
  const basic = Buffer.from('x-access-token:ghp_1').toString('base64');
  expect(secretsOf(`Basic ${basic}`)).toEqual([`Basic ${basic}`, basic, 'x-access-token:ghp_1', 'ghp_1']);
  const other = Buffer.from('token-as-user:').toString('base64');
  expect(secretsOf(`Basic ${other}`)).toContain('token-as-user');
  expect(secretsOf('')).toEqual([]);
});
