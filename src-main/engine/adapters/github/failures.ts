/** @file From a refused or unexpected answer to a member of the closed set of errors. Sends nothing. */
import { EpicstarError } from '../../domain/errors.ts';
import { type Answer, blockOf, headerOf, messageOf } from './answer.ts';
import { describeValue, oneLine } from './texts.ts';

/** Cleans what GitHub said of secrets before it gets into an error. */
export type Redact = (text: string) => string;

/** For every answer that is not a success and not a limit. `rights` names what the endpoint needs. */
export function failureOf(answer: Answer, rights: string | null, redact: Redact): EpicstarError {
  const { status } = answer;
  const data = { status };
  const words = wordsOf(answer, redact);
  if (status === 401) return new EpicstarError('github-signed-out', words, { data });
  const block = blockOf(answer);
  if (block !== null) {
    const noticeUrl = block.noticeUrl === null ? {} : { noticeUrl: block.noticeUrl };
    const blockData = { ...data, blockReason: block.reason, ...noticeUrl };
    return new EpicstarError('github-blocked', `The reason given is "${block.reason}".`, { data: blockData });
  }
  if (status === 451) return new EpicstarError('github-blocked', words, { data });
  if (status === 403) return forbidden(answer, words);
  if (status === 404 && rights !== null && saysNotFound(answer)) {
    // GitHub answers 404 where a 403 would tell too much.
    const detail = `It answers 404 for ${answer.path}: the token may lack the right "${rights}".`;
    return new EpicstarError('github-scope-missing', detail, { data: { ...data, right: rights } });
  }
  if (status >= 500) return new EpicstarError('github-unavailable', words, { data });
  return new EpicstarError('github-unexpected', words, { data });
}

/**
 * Whether a 404 is GitHub's own. A 404 of a proxy, or of a server that is no GitHub, is no evidence that anything is
 * gone.
 */
export function saysNotFound(answer: Answer): boolean {
  return answer.status === 404 && messageOf(answer)?.trim().toLowerCase() === 'not found';
}

export function unexpectedContent(answer: Answer, expected: string, problem: string | null): EpicstarError {
  const type = headerOf(answer, 'content-type') ?? 'no content type';
  const got = problem ?? describeValue(answer.data);
  const detail = `For ${answer.path} it should send ${expected}, but came ${got} (${oneLine(type, 60)}).`;
  return new EpicstarError('github-unexpected', detail, { data: { status: answer.status } });
}

function forbidden(answer: Answer, words: string): EpicstarError {
  const data = { status: answer.status };
  const sso = /^required;\s*url=(https:\/\/\S+)$/.exec(headerOf(answer, 'x-github-sso') ?? '')?.[1];
  if (sso !== undefined) {
    const right = 'single sign-on of the organization';
    return new EpicstarError('github-scope-missing', `${words} The token is not authorized for ${right}.`, {
      data: { ...data, right, ...(URL.canParse(sso) ? { noticeUrl: sso } : {}) },
    });
  }
  const right = missingRight(answer);
  if (right === null) return new EpicstarError('github-unexpected', words, { data });
  const detail = `${words} It needs "${right}".`;
  return new EpicstarError('github-scope-missing', detail, { data: { ...data, right } });
}

/** Scopes are only missing where the token has none of the accepted ones: GitHub names them on every answer. */
function missingRight(answer: Answer): string | null {
  const permissions = headerOf(answer, 'x-accepted-github-permissions')?.trim() ?? '';
  if (permissions !== '') return oneLine(permissions, 120);
  const accepted = splitScopes(headerOf(answer, 'x-accepted-oauth-scopes'));
  const owned = splitScopes(headerOf(answer, 'x-oauth-scopes'));
  if (accepted.length === 0 || accepted.some((scope) => owned.includes(scope))) return null;
  return oneLine(accepted.join(', '), 120);
}

export function splitScopes(header: string | null): readonly string[] {
  return (header ?? '')
    .split(',')
    .map((scope) => scope.trim())
    .filter((scope) => scope !== '');
}

function wordsOf(answer: Answer, redact: Redact): string {
  const message = messageOf(answer);
  const said = message === null ? '' : `: ${oneLine(redact(message))}`;
  return `It answered ${answer.status} for ${answer.path}${said.replace(/\.$/, '')}.`;
}
