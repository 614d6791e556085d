/**
 * @file Which requests are heard at all: against names that were made to point here (DNS rebinding) and against pages
 * of other origins. Pure.
 */
import { isIP } from 'node:net';

export interface RequestFacts {
  readonly method: string;
  readonly host: string | undefined;
  readonly origin: string | undefined;
  /** Fetch metadata, sent by browsers alone. */
  readonly fetchSite: string | undefined;
  readonly fetchMode: string | undefined;
}

export interface GuardOptions {
  /** Names, with or without a port, under which the host may be asked besides the loopback ones. */
  readonly allowedHosts: readonly string[];
  /** Whether the host listens to other computers: then its numeric addresses are fine. */
  readonly isWide: boolean;
}

export type Refusal = { readonly status: 400 | 403 | 421; readonly sentence: string };

export function isLoopbackName(name: string): boolean {
  return name === 'localhost' || name === '::1' || (isIP(name) === 4 && name.startsWith('127.'));
}

/** Name and port of a Host header; null if it is none. */
function parseHost(host: string): { readonly name: string; readonly host: string } | null {
  const text = host.toLowerCase();
  if (!/^[a-z0-9._:[\]-]+$/.test(text) || !URL.canParse(`http://${text}`)) return null;
  const url = new URL(`http://${text}`);
  return { name: url.hostname.replace(/^\[|\]$/g, ''), host: text };
}

function isOwnHost(host: string, { allowedHosts, isWide }: GuardOptions): boolean {
  const parsed = parseHost(host);
  if (parsed === null) return false;
  if (isLoopbackName(parsed.name) || (isWide && isIP(parsed.name) !== 0)) return true;
  return allowedHosts.some((allowed) => {
    const wanted = allowed.toLowerCase();
    return wanted === parsed.name || wanted === parsed.host;
  });
}

/** Whether an Origin header names the very host that was asked. */
export function isOwnOrigin(origin: string, host: string): boolean {
  const asked = host.toLowerCase();
  return origin === `http://${asked}` || origin === `https://${asked}`;
}

/** Null: the request may go on to whoever asks for the cookie. */
export function refuseRequest(facts: RequestFacts, options: GuardOptions): Refusal | null {
  const { method, host, origin, fetchSite, fetchMode } = facts;
  if (host === undefined || host === '') return { status: 400, sentence: 'The request names no host.' };
  if (!isOwnHost(host, options)) {
    return {
      status: 421,
      sentence: 'epicstar does not answer under this name. Allow it in the settings if it is yours.',
    };
  }
  if (origin !== undefined && !isOwnOrigin(origin, host)) {
    return { status: 403, sentence: 'epicstar takes no requests from other pages.' };
  }
  // Another port of this computer counts as the same site, so `same-site` is foreign as well.
  const isForeign = fetchSite === 'cross-site' || fetchSite === 'same-site';
  const isVisit = method === 'GET' && fetchMode === 'navigate';
  if (isForeign && !isVisit) return { status: 403, sentence: 'epicstar takes no requests from other pages.' };
  return null;
}
