/** @file Answers of the OneDev stand-in as values, and JSON printed the way OneDev prints it. Knows no sockets and no state. */

export type JsonValue = null | boolean | number | string | readonly JsonValue[] | { readonly [key: string]: JsonValue };

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

/** Ends a request early with the answer it carries; caught by the dispatcher alone. */
export class AnswerError extends Error {
  override readonly name = 'AnswerError';
  readonly answer: Answer;

  constructor(answer: Answer) {
    super(`answered ${answer.status}`);
    this.answer = answer;
  }
}

/** Raw text under `application/json`: what OneDev does with a Java String or Long. */
export function rawJson(text: string): Answer {
  return { status: 200, headers: { 'content-type': 'application/json' }, body: text };
}

export function json(value: JsonValue, status = 200, contentType = 'application/json'): Answer {
  return { status, headers: { 'content-type': contentType }, body: printJson(value) };
}

/** 200 or 204 with nothing in it, not even a content type. */
export function empty(status = 200): Answer {
  return { status, headers: {}, body: '' };
}

export function text(status: number, body: string, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status, headers: { 'content-type': 'text/plain', ...headers }, body };
}

export function fail(status: number, body: string): never {
  throw new AnswerError(text(status, body));
}

export const serverError = 'Server Error';
export const notAuthenticated = 'Not authenticated';
export const notAuthorized = 'Not authorized';
export const invalidCredentials = 'Invalid account or incorrect credentials';
export const notFound = 'HTTP 404 Not Found';

export function failMissingRow(entity: string, id: number): never {
  return fail(404, `No row with the given identifier exists: [io.onedev.server.model.${entity}#${id}]`);
}

/** The page of OneDev's own interface for an address it does not know. */
export function interfacePage404(): Answer {
  const body =
    '<!doctype html>\n<html lang="en">\n<head><title>OneDev - Page Not Found</title></head>\n<body></body>\n</html>\n';
  return { status: 404, headers: { 'content-type': 'text/html;charset=utf-8' }, body };
}

/** The page of the bare HTTP server while OneDev starts; JSON if the client asked for JSON. */
export function bareServer404(path: string, accept: string | undefined): Answer {
  if (accept?.includes('application/json') === true) {
    const body = `{\n"message":"Not Found",\n"url":"${path}",\n"status":"404"\n}`;
    return { status: 404, headers: { 'content-type': 'application/json' }, body };
  }
  const rows = [
    ['URI', path],
    ['STATUS', '404'],
    ['MESSAGE', 'Not Found'],
    ['SERVLET', '-'],
  ]
    .map(([name, value]) => `<tr><th>${name}:</th><td>${value}</td></tr>\n`)
    .join('');
  const head =
    '<head>\n<meta http-equiv="Content-Type" content="text/html;charset=ISO-8859-1"/>\n<title>Error 404 Not Found</title>\n</head>\n';
  const foot = '<hr/><a href="https://jetty.org/">Powered by Jetty:// 9.4.57.v20241219</a><hr/>\n';
  const body = `<html>\n${head}<body><h2>HTTP ERROR 404 Not Found</h2>\n<table>\n${rows}</table>\n${foot}\n</body>\n</html>\n`;
  return { status: 404, headers: { 'content-type': 'text/html;charset=iso-8859-1' }, body };
}

export function badMessage(status: number, reason: string): Answer {
  const body = `<h1>Bad Message ${status}</h1><pre>reason: ${reason}</pre>`;
  return { status, headers: { 'content-type': 'text/html;charset=iso-8859-1' }, body };
}

/** Two spaces a level, `"key" : value`, arrays on one line, characters beyond the BMP escaped. */
export function printJson(value: JsonValue, level = 0): string {
  if (value === null || typeof value === 'boolean' || typeof value === 'number') {
    return String(value);
  }
  if (typeof value === 'string') {
    return printString(value);
  }
  if (isList(value)) {
    return value.length === 0 ? '[ ]' : `[ ${value.map((item) => printJson(item, level)).join(', ')} ]`;
  }
  const entries = Object.entries(value);
  if (entries.length === 0) {
    return '{ }';
  }
  const inner = '  '.repeat(level + 1);
  const lines = entries.map(([key, item]) => `${inner}${printString(key)} : ${printJson(item, level + 1)}`);
  return `{\n${lines.join(',\n')}\n${'  '.repeat(level)}}`;
}

export function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}

function printString(value: string): string {
  return JSON.stringify(value).replace(/[\ud800-\udfff]/g, (unit) => {
    return `\\u${unit.charCodeAt(0).toString(16).toUpperCase()}`;
  });
}
