/** @file Which arguments of the packed program are a command, and which start the desktop. */
import { describe, expect, test } from 'vitest';
import { commandOf } from '../../src-main/command-line-mode.ts';

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

  test('the folder that an Electron was told to run is no command', () => {
    expect(commandOf(['electron', 'app'], false)).toBeNull();
    expect(commandOf(['electron', '.', 'status'], false)).toEqual(['status']);
  });
});
