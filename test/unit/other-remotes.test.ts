/** @file Which addresses a person may name as another remote, at a window and on the command line. */
import { describe, expect, it } from 'vitest';
import { otherRemotesOf } from '../../src-main/compose-remotes.ts';

function read(address: string, takesPaths: boolean, allowInsecureHosts: readonly string[] = []) {
  return () => otherRemotesOf({ allowInsecureHosts })({ address, user: '', token: '' }, takesPaths);
}

describe('another remote', () => {
  it.each([
    'http://127.0.0.1:3000/a.git',
    'https://127.1/a.git',
    'https://2130706433/a.git',
    'https://0.0.0.0/a.git',
    'http://localhost/a.git',
    'https://LOCALHOST./a.git',
    'https://db.localhost/a.git',
    'http://[::1]:8080/a.git',
    'https://[::]/a.git',
    'https://[::ffff:127.0.0.1]/a.git',
  ])('is not on the computer of a window that is seen from elsewhere: %s', (address) => {
    expect(read(address, false)).toThrow(/is the computer that epicstar runs on/);
  });

  it.each([
    'http://169.254.169.254/latest/meta-data',
    'https://169.254.169.254/a.git',
    'https://0xa9fea9fe/a.git',
    'https://[::ffff:169.254.169.254]/a.git',
    'https://[fe80::1]/a.git',
    'https://[fd00:ec2::254]/a.git',
  ])('is never where clouds keep keys: %s', (address) => {
    for (const takesPaths of [true, false]) {
      expect(read(address, takesPaths, ['169.254.169.254'])).toThrow(/an address that no git server has/);
    }
  });

  it('may be on this computer where that was named, or on its command line', () => {
    expect(read('http://127.0.0.1:3000/a.git', false, ['127.0.0.1'])()).toMatchObject({ transport: 'http' });
    expect(read('http://localhost:3000/a.git', false, ['localhost:3000'])()).toMatchObject({ transport: 'http' });
    expect(read('http://[::1]:3000/a.git', false, ['::1'])()).toMatchObject({ transport: 'http' });
    expect(read('http://127.0.0.1:3000/a.git', true)()).toMatchObject({ url: 'http://127.0.0.1:3000/a.git' });
    expect(read('https://git.example.org/a.git', false)()).toMatchObject({ authorization: null });
    expect(read('https://192.168.1.20/a.git', false)()).toMatchObject({ authorization: null });
  });
});
