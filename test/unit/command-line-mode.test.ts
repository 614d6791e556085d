/** @file Which arguments of the packed program are a command, and which start the desktop. */
import { describe, expect, test } from 'vitest';
import { commandOf, dataDirOf } from '../../src-main/command-line-mode.ts';

const program = '/opt/epicstar/epicstar';

describe('the arguments of the packed program', () => {
  test.each([
    { args: ['serve', '--port', '0'], words: ['serve', '--port', '0'] },
    { args: ['login', 'github', '--with-token'], words: ['login', 'github', '--with-token'] },
    { args: ['--no-sandbox', 'doctor', '--json'], words: ['doctor', '--json'] },
    { args: ['--help'], words: ['--help'] },
    { args: ['--no-sandbox', '-V'], words: ['-V'] },
    // Misspelt: the command line says so and names the right ones.
    { args: ['synk'], words: ['synk'] },
  ])('$args are a command', ({ args, words }) => {
    expect(commandOf([program, ...args], true)).toEqual(words);
  });

  test.each([
    { args: [] },
    { args: ['--hidden'] },
    { args: ['--data-dir=/home/me/stars', '--hidden'] },
    { args: ['-psn_0_12345'] },
    { args: ['/home/me/file.txt'] },
    { args: ['epicstar://window/'] },
  ])('$args start the desktop', ({ args }) => {
    expect(commandOf([program, ...args], true)).toBeNull();
  });

  test.each([
    { words: ['serve', '--data-dir', '/srv/stars'], dataDir: '/srv/stars' },
    { words: ['status', '--json', '--data-dir=/srv/my stars'], dataDir: '/srv/my stars' },
    { words: ['serve', '--port', '0'], dataDir: null },
    { words: ['serve', '--data-dir'], dataDir: null },
    { words: ['status', '--', '--data-dir=/srv/stars'], dataDir: null },
  ])(
    '$words name the data directory $dataDir, which is the one that everything of it goes into',
    ({ words, dataDir }) => {
      expect(dataDirOf(words)).toBe(dataDir);
    },
  );

  test('the folder that an Electron was told to run is no command', () => {
    expect(commandOf(['electron', 'app'], false)).toBeNull();
    expect(commandOf(['electron', '.', 'status'], false)).toEqual(['status']);
  });
});
