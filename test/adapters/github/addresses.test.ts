/** @file Which addresses GitHub has, from the one that is configured. */
import { describe, expect, it } from 'vitest';
import { githubAddresses, isLoopbackHost } from '../../../src-main/engine/adapters/github/addresses.ts';

const known: readonly (readonly [given: string, apiUrl: string, webUrl: string, host: string])[] = [
  ['https://api.github.com', 'https://api.github.com', 'https://github.com', 'github.com'],
  ['https://api.github.com/', 'https://api.github.com', 'https://github.com', 'github.com'],
  ['https://GitHub.com', 'https://api.github.com', 'https://github.com', 'github.com'],
  [
    'https://git.corp.example/api/v3',
    'https://git.corp.example/api/v3',
    'https://git.corp.example',
    'git.corp.example',
  ],
  [
    'https://git.corp.example/api/v3/',
    'https://git.corp.example/api/v3',
    'https://git.corp.example',
    'git.corp.example',
  ],
  ['https://git.corp.example', 'https://git.corp.example/api/v3', 'https://git.corp.example', 'git.corp.example'],
  ['https://h.example:8443/api/v3', 'https://h.example:8443/api/v3', 'https://h.example:8443', 'h.example:8443'],
  ['https://h.example/gh/api/v3', 'https://h.example/gh/api/v3', 'https://h.example/gh', 'h.example'],
  ['https://api.octo.ghe.com', 'https://api.octo.ghe.com', 'https://octo.ghe.com', 'octo.ghe.com'],
  ['https://octo.ghe.com/', 'https://api.octo.ghe.com', 'https://octo.ghe.com', 'octo.ghe.com'],
  ['http://127.0.0.1:8080', 'http://127.0.0.1:8080', 'http://127.0.0.1:8080', '127.0.0.1:8080'],
  ['http://127.0.0.1:8080/api/v3', 'http://127.0.0.1:8080/api/v3', 'http://127.0.0.1:8080', '127.0.0.1:8080'],
  ['http://[::1]:8080', 'http://[::1]:8080', 'http://[::1]:8080', '[::1]:8080'],
  ['http://localhost', 'http://localhost', 'http://localhost', 'localhost'],
];

describe('githubAddresses', () => {
  it.each(known)('%s', (given, apiUrl, webUrl, host) => {
    expect(githubAddresses(given)).toEqual({ apiUrl, webUrl, host });
  });

  it.each(['http://git.corp.example/api/v3', 'http://127.0.0.1.evil.example', 'http://api.github.com.example'])(
    'refuses plain http: %s',
    (given) => {
      expect(() => githubAddresses(given)).toThrow(expect.objectContaining({ code: 'insecure-address' }));
    },
  );

  it.each(['stand-in', 'STAND-IN', 'stand-in:3000'])('allows plain http to a host that is named: %s', (name) => {
    expect(githubAddresses('http://stand-in:3000', [name]).apiUrl).toBe('http://stand-in:3000');
    expect(() => githubAddresses('http://stand-in-2:3000', [name])).toThrow(
      expect.objectContaining({ code: 'insecure-address' }),
    );
  });

  it.each([
    '',
    'github.com',
    'file:///tmp',
    'https://me:secret@h.example',
    'https://h.example/?a=1',
    'https://h.example/#x',
  ])('refuses what is no base address: %s', (given) => {
    expect(() => githubAddresses(given)).toThrow(expect.objectContaining({ code: 'config-invalid' }));
  });

  it('does not repeat a password in its error', () => {
    expect(() => githubAddresses('https://me:hunter22@h.example')).not.toThrow(/hunter22/);
  });
});

it('knows which hosts are this computer', () => {
  expect(['localhost', 'a.localhost', '127.0.0.1', '127.9.9.9', '[::1]'].every(isLoopbackHost)).toBe(true);
  expect(['localhost.example', '128.0.0.1', '127.0.0.1.example', '10.0.0.1', '[::2]'].some(isLoopbackHost)).toBe(false);
});
