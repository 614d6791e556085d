/** @file Commands that take a mirror out of the mirror server: `bundle` and `push`. */
import { lstat, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import {
  bundleFileName,
  type CopyCall,
  type CopyStep,
  EpicstarError,
  type PushedMirror,
} from '../engine/core/engine-api.ts';
import type { ApplicationHost, Terminal } from './application.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { find, reading, type ReadOptions } from './read-commands.ts';
import { formatBytes, plural, printable } from './texts.ts';

export interface BundleOptions extends ReadOptions {
  readonly repository: string;
  /** Absolute; null: in the working folder, by its name. */
  readonly out: string | null;
  readonly withKept: boolean;
}

export function bundle(host: ApplicationHost, terminal: Terminal, options: BundleOptions): Promise<ExitCode> {
  return reading(
    host,
    options,
    async (engine) => {
      const { githubId, fullName } = (await find(engine, options.repository)).repository;
      const file = await freePath(options.out, bundleFileName(fullName, Date.now()));
      const { refs } = await engine.bundleTo(githubId, file, options.withKept, callOf(terminal, options));
      const { size: bytes } = await stat(file);
      if (options.json) terminal.out(JSON.stringify({ githubId, fullName, file, refs, bytes }, null, 2));
      else {
        terminal.out(`${printable(file)}: ${plural(refs, 'ref', 'refs')}, ${formatBytes(bytes)}.`);
        terminal.out(`git clone ${printable(JSON.stringify(file))} makes a repository of it.`);
      }
      return exitCodes.well;
    },
    false,
  );
}

/** Nothing that is there is overwritten. */
async function freePath(out: string | null, name: string): Promise<string> {
  const wanted = out ?? resolve(name);
  const there = await statOrNull(wanted);
  const path = there?.isDirectory() === true ? join(wanted, name) : wanted;
  // A link that leads nowhere counts as well: git would write where it leads.
  if ((await statOrNull(path, lstat)) !== null)
    throw new EpicstarError('config-invalid', `${path} is there already; name another file with --out.`);
  return path;
}

async function statOrNull(path: string, look: typeof stat | typeof lstat = stat) {
  try {
    return await look(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    const words = error instanceof Error ? error.message : String(error);
    throw new EpicstarError('config-invalid', `${path} cannot be used: ${words}.`, { cause: error });
  }
}

export interface PushOptions extends ReadOptions {
  readonly repository: string;
  /** As it was typed. */
  readonly to: string;
  readonly user: string;
  /** From stdin. */
  readonly withToken: boolean;
  readonly withKept: boolean;
}

export async function push(host: ApplicationHost, terminal: Terminal, options: PushOptions): Promise<ExitCode> {
  const typed = options.withToken ? await terminal.readSecret('Token for the other remote:') : null;
  return reading(
    host,
    options,
    async (engine, { pushToken }) => {
      const { githubId, fullName } = (await find(engine, options.repository)).repository;
      const address = isElsewhere(options.to) ? options.to : resolve(options.to);
      const other = { address, user: options.user, token: typed ?? (await pushToken()) ?? '' };
      const result = await engine.pushTo(githubId, other, options.withKept, callOf(terminal, options));
      if (options.json) terminal.out(JSON.stringify({ githubId, fullName, ...result }, null, 2));
      else tell(terminal, result);
      return result.refused.length === 0 ? exitCodes.well : exitCodes.someFailed;
    },
    false,
  );
}

/** An address of the network, also of a kind that is then refused; `C:\\folder` is none. */
function isElsewhere(text: string): boolean {
  return /^[a-z][a-z0-9+.-]+:/i.test(text) || /^[^/\\]+@[^/\\]+:/.test(text);
}

function tell(terminal: Terminal, { pushed, unchanged, isHeldBack, refused }: PushedMirror): void {
  if (isHeldBack) terminal.out('Nothing was pushed: what is there would be lost.');
  else terminal.out(`${plural(pushed, 'ref', 'refs')} pushed, ${unchanged} were there already.`);
  for (const { ref, reason } of refused) terminal.out(`refused  ${printable(ref)}: ${printable(reason)}`);
}

const stepWords: Readonly<Record<CopyStep, string>> = {
  reading: 'Reading the mirror.',
  writing: 'Writing the bundle.',
  sending: 'Pushing.',
};

function callOf(terminal: Terminal, { json }: ReadOptions): CopyCall {
  return {
    signal: terminal.interrupted,
    ...(json || !terminal.isInteractive ? {} : { onStep: (step: CopyStep) => terminal.err(stepWords[step]) }),
  };
}
