/** @file What git's words mean. The texts were recorded from git 2.39 over libcurl. */
import { describe, expect, test } from 'vitest';
import { classifyFailure, classifyFsError, fullServerLine } from '../../../src-main/engine/adapters/git/classify.ts';
import { EpicstarError, type ErrorCode } from '../../../src-main/engine/domain/errors.ts';

const oid = '778806fa645cff79664d69eeb0ecff5cbaae5da6';
const hungUp = `fatal: the remote end hung up unexpectedly
send-pack: unexpected disconnect while reading sideband packet
fatal: the remote end hung up unexpectedly
error: failed to push some refs to 'https://host/a.git'`;

describe('classifyFailure', () => {
  test.each<[ErrorCode, string]>([
    ['proxy-unusable', "fatal: unable to access 'http://host/a.git/': The requested URL returned error: 407"],
    ['proxy-unusable', "fatal: unable to access 'https://host/a.git/': Could not resolve proxy: no-such.invalid"],
    [
      'proxy-unusable',
      "fatal: unable to access 'https://host/a.git/': Received HTTP code 407 from proxy after CONNECT",
    ],
    ['proxy-unusable', "fatal: unable to access 'https://host/a.git/': CONNECT tunnel failed, response 407"],
    ['proxy-unusable', "fatal: unable to access 'https://host/a.git/': Proxy CONNECT aborted"],
    ['git-auth-refused', "fatal: could not read Username for 'https://github.com': terminal prompts disabled"],
    ['git-auth-refused', "fatal: could not read Password for 'https://x@host': terminal prompts disabled"],
    ['git-auth-refused', "fatal: Authentication failed for 'https://github.com/a/b.git/'"],
    ['git-auth-refused', "fatal: unable to access 'https://host/a.git/': The requested URL returned error: 403"],
    [
      'git-auth-refused',
      'remote: HTTP Basic: Access denied\nerror: RPC failed; HTTP 401 curl 22 The requested URL returned error: 401',
    ],
    ['git-not-found', "remote: Repository not found.\nfatal: repository 'https://github.com/a/b.git/' not found"],
    ['git-not-found', "fatal: unable to access 'https://host/a.git/': The requested URL returned error: 301"],
    ['git-not-found', "fatal: unable to access 'https://host/a.git/': The requested URL returned error: 451"],
    [
      'git-not-found',
      "fatal: '/nas/a.git' does not appear to be a git repository\nfatal: Could not read from remote repository.\n\nPlease make sure you have the correct access rights\nand the repository exists.",
    ],
    ['git-network', "fatal: unable to access 'https://host/a.git/': The requested URL returned error: 429"],
    ['git-network', "fatal: unable to access 'https://host/a.git/': The requested URL returned error: 503"],
    [
      'git-network',
      "fatal: unable to access 'https://no.such.host.invalid/x.git/': Could not resolve host: no.such.host.invalid",
    ],
    [
      'git-network',
      "fatal: unable to access 'https://127.0.0.1:1/x.git/': Failed to connect to 127.0.0.1 port 1 after 0 ms: Couldn't connect to server",
    ],
    [
      'git-network',
      "fatal: unable to access 'https://h/x.git/': gnutls_handshake() failed: An unexpected TLS packet was received.",
    ],
    [
      'git-network',
      "fatal: unable to access 'https://h/x.git/': SSL certificate problem: self-signed certificate in certificate chain",
    ],
    [
      'git-network',
      'error: RPC failed; curl 18 transfer closed with outstanding read data remaining\nerror: 4020 bytes of body are still expected\nfetch-pack: unexpected disconnect while reading sideband packet\nfatal: early EOF\nfatal: fetch-pack: invalid index-pack output',
    ],
    ['git-network', `error: RPC failed; HTTP 500 curl 22 The requested URL returned error: 500\n${hungUp}`],
    ['git-network', 'fatal: protocol error: bad line length character: <htm'],
    [
      'git-remote-damaged',
      'error: git upload-pack: git-pack-objects died with error.\nremote: aborting due to possible repository corruption on the remote side. \nfatal: early EOF\nfatal: fetch-pack: invalid index-pack output',
    ],
    ['git-network', hungUp],
    [
      'git-network',
      'fatal: pack has bad object at offset 120: inflate returned -3\nfatal: fetch-pack: invalid index-pack output',
    ],
    [
      'git-stalled',
      "fatal: unable to access 'https://h/a.git/': Operation too slow. Less than 1 bytes/sec transferred the last 600 seconds",
    ],
    ['disk-full', 'fatal: write error: No space left on device\nfatal: fetch-pack: invalid index-pack output'],
    ['disk-full', 'error: unable to write file ./objects/06/87c5: Disk quota exceeded\nfatal: unpack-objects failed'],
    ['git-corrupt', `fatal: bad object ${oid}\n${hungUp}`],
    [
      'git-corrupt',
      `error: packfile ./objects/pack/pack-e4.pack does not match index\nfatal: bad object ${oid}\n${hungUp}`,
    ],
    ['git-corrupt', `fatal: packed object ${oid} (stored in ./objects/pack/pack-e4.pack) is corrupt\n${hungUp}`],
    [
      'git-corrupt',
      `error: object file ./objects/06/87c510 is empty\nfatal: loose object ${oid} (stored in ./objects/06/87c510) is corrupt`,
    ],
    [
      'git-corrupt',
      `error: inflate: data stream error (incorrect header check)\nerror: unable to unpack ${oid} header`,
    ],
    ['git-corrupt', 'error: index file ./objects/pack/pack-e4.idx is too small\nfatal: bad object main'],
    ['git-corrupt', `fatal: missing blob object '${oid}'`],
    ['git-corrupt', `error: Could not read ${oid}\nfatal: Failed to traverse parents of commit ${oid}`],
    ['git-corrupt', `fatal: bad object ${oid}\nerror: https://h/small.git did not send all necessary objects`],
    ['git-corrupt', `fatal: missing object ${oid} for refs/heads/main`],
    ['git-corrupt', 'fatal: unexpected line in ./packed-refs: zzz'],
    ['git-corrupt', 'fatal: bad config line 1 in file ./config'],
    ['git-corrupt', "fatal: not a git repository: '/caches/1.git'"],
    [
      'git-corrupt',
      `error: src refspec ${oid} does not match any\nerror: failed to push some refs to 'https://h/a.git'`,
    ],
    [
      'git-corrupt',
      "error: cannot lock ref 'refs/heads/a': unable to resolve reference 'refs/heads/a': reference broken",
    ],
    ['git-missing', "git: 'remote-https' is not a git command. See 'git --help'."],
    ['git-remote-damaged', `fatal: remote error: upload-pack: not our ref ${oid}`],
    ['git-failed', "fatal: couldn't find remote ref refs/heads/nonono"],
    ['git-failed', "fatal: transport 'ext' not allowed"],
    ['git-failed', ''],
  ])('%s: %s', (code, stderr) => {
    expect(classifyFailure(stderr, 128).code).toBe(code);
  });

  test("a server's full disk or damage is not ours", () => {
    const stderr = `remote: fatal: write error: No space left on device\nremote: error: bad object ${oid}\nerror: remote unpack failed: index-pack abnormal exit`;
    expect(classifyFailure(stderr, 1).code).toBe('git-failed');
  });

  test('names the cause, keeps the status and the whole output', () => {
    const stderr = `error: RPC failed; HTTP 502 curl 22 The requested URL returned error: 502\n${hungUp}`;
    const error = classifyFailure(stderr, 1);
    expect(error.detail).toBe('error: RPC failed; HTTP 502 curl 22 The requested URL returned error: 502');
    expect(error.data).toEqual({ status: 502, output: stderr });
    expect(classifyFailure('', 5)).toMatchObject({ detail: 'It ended with code 5.', data: {} });
    expect(classifyFailure('', null).detail).toBe('It was ended by a signal.');
  });
});

test('a server that says that its disk is full is told from this computer', () => {
  const stderr =
    'remote: fatal: write error: No space left on device\nerror: remote unpack failed: index-pack abnormal exit';
  expect(fullServerLine(stderr)).toBe('fatal: write error: No space left on device');
  expect(fullServerLine('fatal: write error: No space left on device')).toBeNull();
  expect(classifyFailure(stderr, 1).code).not.toBe('disk-full');
});

test('errors of the file system are translated too', () => {
  expect(classifyFsError(Object.assign(new Error('ENOSPC: no space'), { code: 'ENOSPC' })).code).toBe('disk-full');
  expect(classifyFsError(Object.assign(new Error('EACCES: denied'), { code: 'EACCES' })).code).toBe('git-failed');
  const own = new EpicstarError('cancelled', '');
  expect(classifyFsError(own)).toBe(own);
});
