/** @file Sends refs from a cache to a remote and tells what became of each. Must not know why they are sent. */
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EpicstarError, type ErrorCode } from '../../domain/errors.ts';
import type { GitCache, GitCall, GitRemote, PushCommand, PushRejection, PushResult } from '../../ports/git.ts';
import type { Redactor } from '../../ports/log.ts';
import { refsFreeDirOf } from './cache.ts';
import type { GitCalls } from './calls.ts';
import { classifyFailure, fullServerLine } from './classify.ts';
import { parseRefReport, type RefReport, rejectionReason, serverWords } from './push-report.ts';
import { remoteAddress } from './remote-address.ts';
import { checkedOid, checkedRef } from './text.ts';

/** A command line of Windows holds 32 767 characters; macOS 1 MB with the environment. */
const maxArgumentChars = { win32: 24_000, other: 400_000 };

/**
 * A repository in a folder may be somebody's, whose own configuration goes before that of {@link fileRemoteConfig}, but
 * not before arguments: no hook and no command of it runs.
 */
const closedReceiver =
  'git -c core.hooksPath=/dev/null -c core.alternateRefsCommand=true -c receive.autogc=false receive-pack';

function receiverOf({ transport }: GitRemote): readonly string[] {
  return transport === 'file' ? [`--receive-pack=${closedReceiver}`] : [];
}

interface Part {
  readonly commands: readonly PushCommand[];
  readonly args: readonly string[];
}

/** The lease stands for force as well: who finds the expected tip may overwrite it, `--force` would not look. */
function argumentsOf(command: PushCommand): readonly [string, string] {
  const ref = checkedRef(command.ref);
  const expected = command.expect === null ? '' : checkedOid(command.expect);
  const oid = command.oid === null ? '' : checkedOid(command.oid);
  return [`--force-with-lease=${ref}:${expected}`, `${oid}:${ref}`];
}

/** As few command lines as the system allows, in the order given. */
export function splitPush(commands: readonly PushCommand[], maxChars: number): readonly Part[] {
  const parts: { commands: PushCommand[]; leases: string[]; refspecs: string[]; chars: number }[] = [];
  for (const command of commands) {
    const [lease, refspec] = argumentsOf(command);
    // A quote and a space each, and three bytes where a character is not ASCII.
    const chars = Buffer.byteLength(lease) + Buffer.byteLength(refspec) + 6;
    let part = parts.at(-1);
    if (part === undefined || part.chars + chars > maxChars) {
      part = { commands: [], leases: [], refspecs: [], chars: 0 };
      parts.push(part);
    }
    part.commands.push(command);
    part.leases.push(lease);
    part.refspecs.push(refspec);
    part.chars += chars;
  }
  return parts.map((part) => ({ commands: part.commands, args: [...part.leases, '--', ...part.refspecs] }));
}

/** From so many new refs on it is worth a file to name them all at once. */
const fewestByPattern = 50;
const newPrefix = 'refs/new/';

function areAllNew(commands: readonly PushCommand[]): boolean {
  return commands.length >= fewestByPattern && commands.every(({ oid, expect }) => oid !== null && expect === null);
}

/**
 * [Note: new refs] For each name that it is given, git goes through all refs of the remote, and once more for each
 * lease: 500 new tags beside 20 000 cost it 7.5 s. Named by one pattern they cost 0.04 s, so they are put under
 * `refs/new/` in the view of the cache that is pushed from. Without a lease nothing can be lost either: what is there
 * already is only ever moved forward.
 */
async function pushByPattern<T>(
  viewDir: string,
  commands: readonly PushCommand[],
  push: (part: Part) => Promise<T>,
): Promise<T> {
  const lines = commands.map(
    ({ ref, oid }) => `${checkedOid(oid ?? '')} ${newPrefix}${checkedRef(ref).slice('refs/'.length)}`,
  );
  const sorted = lines.toSorted((a, b) =>
    Buffer.compare(Buffer.from(a.slice(a.indexOf(' '))), Buffer.from(b.slice(b.indexOf(' ')))),
  );
  const path = join(viewDir, 'packed-refs');
  try {
    await writeFile(path, ['# pack-refs with: sorted ', ...sorted, ''].join('\n'));
    // Old tips that are kept are new refs as well.
    const patterns = ['heads', 'tags', 'epicstar'].map((kind) => `${newPrefix}${kind}/*:refs/${kind}/*`);
    return await push({ commands, args: ['--', ...patterns] });
  } finally {
    await rm(path, { force: true });
  }
}

const endsAll: ReadonlySet<ErrorCode> = new Set(['cancelled', 'target-disk-full']);

interface PartResult {
  readonly accepted: readonly string[];
  readonly rejected: readonly PushRejection[];
  readonly output: readonly string[];
  readonly bytesSent: number;
}

export function createPusher(
  calls: GitCalls,
  redactor: Redactor,
  platform: NodeJS.Platform,
): (cache: GitCache, remote: GitRemote, commands: readonly PushCommand[], call: GitCall) => Promise<PushResult> {
  const pushPart = async (cache: GitCache, remote: GitRemote, part: Part, call: GitCall): Promise<PartResult> => {
    const reports = new Map<string, RefReport>();
    const split = part.args.indexOf('--');
    const options = ['--porcelain', '--progress', '--no-verify', ...receiverOf(remote), ...part.args.slice(0, split)];
    const result = await calls.run({
      args: ['push', ...options, '--', remoteAddress(remote), ...part.args.slice(split + 1)],
      cache,
      hidesRefs: true,
      remote,
      call,
      onLine: (line) => {
        const report = parseRefReport(line.toString('utf8'));
        if (report !== null) reports.set(report.ref, report);
      },
    });
    const isRefused = [...reports.values()].some(({ isAccepted }) => !isAccepted);
    const fullWords = reports.size === 0 || isRefused ? fullServerLine(result.stderr) : null;
    if (fullWords !== null) {
      throw new EpicstarError('target-disk-full', `The server says: ${fullWords}.`, {
        data: { output: result.stderr },
      });
    }
    const known = part.commands.flatMap(({ ref }) => reports.get(ref) ?? []).filter(({ isUnknown }) => !isUnknown);
    if (known.length === 0) throw classifyFailure(result.stderr, result.exitCode);
    const words = serverWords(result.stderr);
    const accepted: string[] = [];
    const rejected: PushRejection[] = [];
    for (const { ref } of part.commands) {
      const report = reports.get(ref);
      if (report?.isAccepted === true) accepted.push(ref);
      else {
        const reason = report === undefined ? 'git told nothing about it' : rejectionReason(report, words);
        rejected.push({ ref, reason: redactor.redact(reason) });
      }
    }
    return { accepted, rejected, output: words, bytesSent: result.bytes };
  };

  return async (cache, remote, commands, call) => {
    const maxChars = platform === 'win32' ? maxArgumentChars.win32 : maxArgumentChars.other;
    if (areAllNew(commands)) {
      const push = (part: Part): Promise<PartResult> => pushPart(cache, remote, part, call);
      const result = await pushByPattern(refsFreeDirOf(cache), commands, push);
      return { ...result, output: result.output.join('\n') };
    }
    const results: PartResult[] = [];
    for (const part of splitPush(commands, maxChars)) {
      try {
        results.push(await pushPart(cache, remote, part, call));
      } catch (error) {
        // What an earlier part moved is known and has to be told; a cancelled push, or one that waits, tells nothing.
        if (results.length === 0 || !(error instanceof EpicstarError) || endsAll.has(error.code)) throw error;
        results.push({
          accepted: [],
          rejected: part.commands.map(({ ref }) => ({ ref, reason: error.message })),
          output: [],
          bytesSent: 0,
        });
      }
    }
    return {
      accepted: results.flatMap(({ accepted }) => accepted),
      rejected: results.flatMap(({ rejected }) => rejected),
      output: results.flatMap(({ output }) => output).join('\n'),
      bytesSent: results.reduce((sum, { bytesSent }) => sum + bytesSent, 0),
    };
  };
}
