/** @file Reads the recordings of a real OneDev and fills in what was shortened in them. Knows no stand-in. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

export interface Recorded {
  readonly name: string;
  readonly request: {
    /** An HTTP method, or `git` with the command line in `path`. */
    readonly method: string;
    readonly path: string;
    readonly query: string | Readonly<Record<string, string | number>> | null;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: Json;
  };
  readonly response: {
    /** The HTTP status or git's exit code; 0 for HTTP means that no answer came. */
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: Json;
  };
}

const folder = fileURLToPath(new URL('../../playground/onedev/recordings/', import.meta.url));

export function listRecordings(): readonly string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.replace('.json', ''))
    .toSorted();
}

export function readRecording(file: string): readonly Recorded[] {
  return JSON.parse(readFileSync(`${folder}${file}.json`, 'utf8')) as readonly Recorded[];
}

const settingTail =
  '"issueSetting": {"listFields": null, "listLinks": null, "boardSpecs": BOARDS, "namedQueries": null, "transitionSpecs": [], "timesheetSettings": {}, "branchPrefix": null}, "webHooks": [], "contributedSettings": []}';

/**
 * The request's body as text, or undefined. Long texts were cut in the recording: a description gets its letters back,
 * a setting its end.
 */
export function bodyText(recorded: Recorded): string | undefined {
  const { body, path, headers } = recorded.request;
  if (body === null) {
    return undefined;
  }
  if (typeof body !== 'string') {
    return JSON.stringify(body);
  }
  const cut = /^(.*)…\(truncated, (\d+) chars\)$/s.exec(body);
  if (cut !== null) {
    return restore(cut[1] ?? '', Number(cut[2]));
  }
  const isBranchName = path.endsWith('/default-branch') && headers['Content-Type'] === 'application/json';
  return isBranchName && !recorded.name.includes('raw text') ? JSON.stringify(body) : body;
}

function restore(start: string, length: number): string {
  if (start.startsWith('{"name"')) {
    const end = '", "gitPackConfig": {}, "codeAnalysisSetting": {}}';
    return start.padEnd(length - end.length, 'd') + end;
  }
  const hasTagRules = start.includes('"preventUpdate"');
  const rules = hasTagRules ? `${start}: true}], ` : start.replace(/"issueSetting".*$/s, '');
  return rules + settingTail.replace('BOARDS', hasTagRules ? '[]' : 'null');
}
