/** @file The web addresses of the device flow: the two calls of an app and the page where the user types the code. */
import { type Answer, jsonAnswer } from './answer.ts';
import type { DeviceFlow, TokenReply } from './device-flow.ts';

export interface OauthQuestion {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly accept: string;
  readonly contentType: string;
  readonly body: string;
  readonly webBase: string;
}

function formOf(question: OauthQuestion): URLSearchParams {
  if (!question.contentType.includes('json')) return new URLSearchParams(question.body);
  const parsed: unknown = JSON.parse(question.body === '' ? '{}' : question.body);
  const entries = typeof parsed === 'object' && parsed !== null ? Object.entries(parsed) : [];
  return new URLSearchParams(entries.map(([key, value]): [string, string] => [key, String(value)]));
}

/** GitHub answers in the form encoding unless JSON was asked for. */
function replyAnswer(reply: TokenReply, accept: string): Answer {
  if (accept.includes('json')) return jsonAnswer(200, reply);
  const pairs = Object.entries(reply).map(([key, value]): [string, string] => [key, String(value)]);
  const headers = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };
  return { status: 200, headers, body: new URLSearchParams(pairs).toString() };
}

function pageAnswer(status: number, content: string): Answer {
  const headers = {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'",
  };
  const style = 'body{font:16px sans-serif;max-width:26em;margin:4em auto}input,button{font:inherit;padding:.4em}';
  const head = `<meta charset="utf-8"><title>Device activation</title><style>${style}</style>`;
  return {
    status,
    headers,
    body: `<!doctype html><html lang="en">${head}<h1>Device activation</h1>${content}</html>\n`,
  };
}

const FORM = `<p>A stand-in for GitHub, for trying things out. No account is needed.</p>
<form method="post" action="/login/device">
<p><label>Code <input name="user_code" autocomplete="off" required></label></p>
<button name="decision" value="approve">Authorize</button> <button name="decision" value="deny">Cancel</button>
</form>`;

function pageFor(flow: DeviceFlow, question: OauthQuestion): Answer {
  if (question.method === 'GET') return pageAnswer(200, FORM);
  const form = formOf(question);
  const userCode = form.get('user_code') ?? '';
  const isApproval = form.get('decision') === 'approve';
  const isDecided = isApproval ? flow.approve(userCode) : flow.deny(userCode);
  if (!isDecided) return pageAnswer(404, `<p role="alert">No sign-in waits for this code.</p>${FORM}`);
  return pageAnswer(200, `<p>${isApproval ? 'Congratulations, you are all set.' : 'The sign-in was cancelled.'}</p>`);
}

/** @returns null for an address that does not belong to the device flow */
export function oauthAnswer(flow: DeviceFlow, question: OauthQuestion): Answer | null {
  if (question.path === '/login/device') return pageFor(flow, question);
  const isPost = question.method === 'POST';
  if (question.path === '/login/device/code' && isPost) {
    const form = formOf(question);
    const reply = flow.start(form.get('client_id') ?? '', form.get('scope') ?? '', `${question.webBase}/login/device`);
    return reply === null ? jsonAnswer(404, { error: 'Not Found' }) : replyAnswer(reply, question.accept);
  }
  if (question.path === '/login/oauth/access_token' && isPost) {
    return replyAnswer(flow.exchange(formOf(question)), question.accept);
  }
  return null;
}
