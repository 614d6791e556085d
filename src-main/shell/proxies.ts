/**
 * @file The system's proxies, as Chromium finds them: settings of the desktop, scripts of the network. What it answers
 * with is a list in the words of such scripts (PAC).
 */
import { EpicstarError } from '../engine/core/engine-api.ts';

const schemes: Readonly<Record<string, string>> = { PROXY: 'http', HTTP: 'http', HTTPS: 'https' };

/**
 * The first of a list that is a way for us: `http://HOST:PORT` or `https://HOST:PORT`, null: straight there. Those
 * behind it, for when it does not answer, are not tried.
 *
 * @param list `PROXY HOST:PORT; SOCKS5 HOST:PORT; DIRECT`
 * @throws EpicstarError `proxy-unusable` where a proxy is wanted, but none of a kind that can be used
 */
export function chooseProxy(list: string): string | null {
  let passedOver = '';
  for (const entry of list.split(';').map((text) => text.trim())) {
    const [kind = '', host = ''] = entry.split(/\s+/);
    const scheme = schemes[kind.toUpperCase()];
    if (scheme !== undefined && host !== '' && URL.canParse(`${scheme}://${host}`)) return `${scheme}://${host}`;
    if (kind === '') continue;
    if (kind.toUpperCase() !== 'DIRECT') passedOver ||= entry;
    else if (passedOver === '') return null;
  }
  if (passedOver === '') return null;
  throw new EpicstarError('proxy-unusable', `The system names "${passedOver}"; http and https proxies can be used.`);
}

/** @returns an answer for each address, in the shape of the engine's port */
export function createSystemProxies(
  resolveProxy: (url: string) => Promise<string>,
): (url: string) => Promise<string | null> {
  return async (url) => chooseProxy(await resolveProxy(url));
}
