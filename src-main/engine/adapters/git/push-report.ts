/** @file Reads what `git push --porcelain` and the server said; pure. Must not know what was asked for. */
import { oneLine } from './text.ts';

export interface RefReport {
  readonly ref: string;
  readonly isAccepted: boolean;
  /** The connection broke before the server told what became of this ref. */
  readonly isUnknown: boolean;
  /** `[remote rejected] (pre-receive hook declined)`, or the like. */
  readonly summary: string;
}

/**
 * Reads one line `<flag>\t<from>:<to>\t<summary>`.
 *
 * @returns null for lines that report no ref
 * @see https://git-scm.com/docs/git-push section "Output"
 */
export function parseRefReport(line: string): RefReport | null {
  const [flag, names, summary = ''] = line.split('\t');
  if (flag === undefined || names === undefined || !/^[ +*=!-]$/.test(flag)) return null;
  const ref = names.slice(names.lastIndexOf(':') + 1);
  return { ref, isAccepted: flag !== '!', isUnknown: summary.startsWith('[remote failure]'), summary };
}

const progressTitles =
  /^(?:Resolving deltas|Checking connectivity|Checking references|Updating references|Processing \w+):/;
const invitation = /^Create a (?:pull|merge) request for/;
const frame = /^\*+$|^[-=]+$/;

/**
 * The server's own words from stderr. Progress, empty lines, frames and the invitations to open pull requests, each
 * with its address, are left out.
 */
export function serverWords(stderr: string): readonly string[] {
  const words: string[] = [];
  let afterInvitation = false;
  for (const line of stderr.split('\n')) {
    if (!line.startsWith('remote:')) continue;
    const text = line.slice('remote:'.length).trim();
    if (text === '' || frame.test(text) || progressTitles.test(text)) continue;
    if (invitation.test(text)) {
      afterInvitation = true;
      continue;
    }
    const isAddress = afterInvitation && /^https?:\/\/\S+$/.test(text);
    afterInvitation = false;
    if (!isAddress) words.push(text);
  }
  return words;
}

/** Summaries that say nothing without the server's words beside them. */
const bare = /hook declined|failed to update ref|internal server error|unpacker error|shallow update/;

/** The reason in one line. Words that name the ref come first choice; else all of them. */
export function rejectionReason(report: RefReport, words: readonly string[]): string {
  if (!bare.test(report.summary) || words.length === 0) return oneLine(report.summary);
  const own = words.filter((line) => line.includes(report.ref));
  const chosen = report.summary.includes('hook declined') || own.length === 0 ? words : own;
  return oneLine(`${report.summary}: ${chosen.map((line) => line.replace(/^\*\s*/, '')).join(' ')}`);
}
