/** @file Which way requests to other computers go. */

/**
 * Answers with the proxy for an address, `http://HOST:PORT` or `https://HOST:PORT`, perhaps with user and password
 * before the host; null: straight there. Asked anew for each connection, since networks change.
 *
 * Rejects with `proxy-unusable` for a proxy of another kind: a way around it is not ours to choose.
 */
export type ProxyFor = (url: string) => Promise<string | null>;
