/** @file What is said of updates, and which errors lead to it. */
import { describe, expect, it } from 'vitest';
import { type UpdateProblem, updateProblemOf } from '../../../src-main/shell/update-problem.ts';
import { readRelease } from '../../../src-main/shell/update-release.ts';
import type { UpdateState } from '../../../src-main/shell/update-state.ts';
import { describeUpdate } from '../../../src-main/shell/update-words.ts';
import { channelOf } from '../../../src-main/shell/updater.ts';
import { updateStateView } from '../../../src-preload/contract/desktop-updates.ts';

const coded = (code: string, message = ''): Error => Object.assign(new Error(message), { code });

describe('an error of the updater', () => {
  it.each<[UpdateProblem, unknown]>([
    ['channel-missing', coded('ERR_UPDATER_CHANNEL_FILE_NOT_FOUND', 'Cannot find channel: HttpError: 404')],
    ['wrong-signature', coded('ERR_UPDATER_INVALID_SIGNATURE', 'not signed by the application owner')],
    ['wrong-signature', new Error('Code signature at URL file:///x did not pass validation')],
    ['wrong-checksum', coded('ERR_CHECKSUM_MISMATCH')],
    ['unreadable', coded('ERR_UPDATER_INVALID_UPDATE_INFO', 'rawData: ENOSPC net::ERR_FAILED')],
    ['unreadable', new TypeError("Cannot read properties of undefined (reading 'version')")],
    ['disk-full', coded('ENOSPC', 'no space left on device, write')],
    ['not-writable', coded('EACCES', "permission denied, open '/x'")],
    ['not-writable', new Error('Cannot update while running on a read-only volume.')],
    ['proxy', coded('HTTP_ERROR_407')],
    ['proxy', new Error('net::ERR_PROXY_CONNECTION_FAILED')],
    ['proxy', new Error('net::ERR_TUNNEL_CONNECTION_FAILED')],
    ['certificate', new Error('net::ERR_CERT_AUTHORITY_INVALID')],
    ['certificate', coded('SELF_SIGNED_CERT_IN_CHAIN')],
    ['file-missing', new Error('Cannot download "https://example.com/a", status 404: Not Found')],
    ['server', coded('HTTP_ERROR_503')],
    ['server', new Error('Cannot download "https://example.com/a", status 500: ')],
    ['not-reached', new Error('net::ERR_INTERNET_DISCONNECTED')],
    ['not-reached', coded('ECONNREFUSED')],
    ['not-reached', new Error('Request timed out')],
    ['not-reached', new Error('Request has been aborted by the server')],
    ['unknown', new Error('something else')],
    ['unknown', 'a text'],
    ['unknown', null],
  ])('is %s', (problem, error) => {
    expect(updateProblemOf(error)).toBe(problem);
  });
});

describe('what is shown', () => {
  const release = { version: '1.3.0', notes: 'Faster.', sizeBytes: 5 };
  const problems: readonly UpdateProblem[] = [
    'not-reached',
    'proxy',
    'certificate',
    'server',
    'channel-missing',
    'file-missing',
    'unreadable',
    'wrong-checksum',
    'wrong-signature',
    'disk-full',
    'not-writable',
    'unknown',
  ];

  it.each<UpdateState>([
    { kind: 'unsupported', why: 'not-packed' },
    { kind: 'unsupported', why: 'system-package' },
    { kind: 'unsupported', why: 'no-address' },
    { kind: 'off' },
    { kind: 'idle' },
    { kind: 'looking' },
    { kind: 'current', newest: '1.2.3' },
    { kind: 'available', release },
    { kind: 'downloading', release, percent: 33 },
    { kind: 'ready', release },
    { kind: 'not-installed', version: '1.3.0' },
    ...problems.map((problem): UpdateState => ({ kind: 'failed', doing: 'download', problem, release })),
  ])('of $kind fits the contract and says what to do', (state) => {
    const shown = describeUpdate(state);
    expect(updateStateView.parse(shown)).toEqual(shown);
    const words = 'nextStep' in shown ? [shown.nextStep, shown.kind === 'failed' ? shown.reason : shown.why] : [];
    expect(words.filter((text) => !/^[A-Z].*\.$/.test(text))).toEqual([]);
  });

  it('differs for each problem', () => {
    const shown = problems.map((problem) =>
      JSON.stringify(describeUpdate({ kind: 'failed', doing: 'look', problem, release: null })),
    );
    expect(new Set(shown).size).toBe(problems.length);
  });
});

describe('a version of the list', () => {
  it('has the size of what this system downloads', () => {
    const info = {
      version: '1.3.0-beta.2',
      releaseNotes: null,
      files: [
        { url: 'a.deb', size: 1 },
        { url: 'a.AppImage', size: 2 },
        { url: 'a.exe', size: 3 },
        { url: 'a.zip', size: '4' },
      ],
    };
    const sizes = (['linux', 'win32', 'darwin'] as const).map((platform) => readRelease(info, platform).sizeBytes);
    expect(sizes).toEqual([2, 3, null]);
  });

  it.each([
    undefined,
    null,
    'x',
    {},
    { version: 1 },
    { version: '1.2' },
    { version: '1.2.3\nQuit' },
    { version: `1.2.3-${'a'.repeat(50)}` },
  ])('is refused: %j', (info) => {
    expect(() => readRelease(info, 'linux')).toThrow(TypeError);
  });

  it.each([null, 'x', [null, 3, {}], [{ url: 5 }]])('may come with files that are none: %j', (files) => {
    expect(readRelease({ version: '1.3.0', files }, 'linux')).toEqual({
      version: '1.3.0',
      notes: null,
      sizeBytes: null,
    });
  });
});

it.each([
  ['1.2.3', 'stable'],
  ['1.3.0-beta.1', 'beta'],
])('who runs %s gets %s versions', (version, channel) => {
  expect(channelOf(version)).toBe(channel);
});
