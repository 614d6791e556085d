/** @file A bare HTTP client for tests of the stand-in: follows no redirects, keeps status, headers and body apart. */

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The parsed body; undefined when there is none. @throws when it is no JSON */
  json(): unknown;
  /** Link relations and their addresses. */
  links(): Readonly<Record<string, string>>;
}

export interface AskOptions {
  readonly token?: string | undefined;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal?: AbortSignal;
}

export const STAR_JSON = 'application/vnd.github.star+json';

export async function ask(url: string, options: AskOptions = {}): Promise<Reply> {
  const authorization = options.token === undefined ? {} : { authorization: `Bearer ${options.token}` };
  const response = await fetch(url, {
    method: options.method ?? 'GET',
    redirect: 'manual',
    headers: { accept: 'application/vnd.github+json', ...authorization, ...options.headers },
    ...(options.body === undefined ? {} : { body: options.body }),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    text,
    json: () => (text === '' ? undefined : (JSON.parse(text) as unknown)),
    links: () => {
      const found = (response.headers.get('link') ?? '').matchAll(/<([^>]+)>; rel="(\w+)"/g);
      return Object.fromEntries([...found].map((match) => [match[2] ?? '', match[1] ?? '']));
    },
  };
}
