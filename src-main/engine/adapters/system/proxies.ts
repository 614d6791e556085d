/** @file The proxies that the environment names, as curl and git read them. Asks nobody. */
import { BlockList, isIP, isIPv4 } from 'node:net';
import { EpicstarError } from '../../domain/errors.ts';
import type { ProxyFor } from '../../ports/proxies.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Straight there, for everything. */
export const noProxy: ProxyFor = () => Promise.resolve(null);

/** What is on this computer is never reached through another one, whatever a setting says. */
export function directToLoopback(proxyFor: ProxyFor): ProxyFor {
  return (url) => (isLoopback(new URL(url).hostname) ? Promise.resolve(null) : proxyFor(url));
}

/** Null: the environment names no proxy. Lower case goes before upper case. */
export function proxiesOfEnvironment(env: Environment): ProxyFor | null {
  const read = (name: string): string => env[name] || env[name.toUpperCase()] || '';
  const named = { http: read('http_proxy'), https: read('https_proxy') };
  const forAll = read('all_proxy');
  if (named.http === '' && named.https === '' && forAll === '') return null;
  const isExempt = parseExemptions(read('no_proxy'));
  return (address) => {
    const url = new URL(address);
    const isTls = url.protocol === 'https:' || url.protocol === 'wss:';
    const variable = isTls ? 'HTTPS_PROXY' : 'HTTP_PROXY';
    const value = (isTls ? named.https : named.http) || forAll;
    if (value === '' || isExempt(url, isTls)) return Promise.resolve(null);
    try {
      return Promise.resolve(parseProxy(value, variable));
    } catch (error) {
      return Promise.reject(error);
    }
  };
}

/** User and password of the proxies that the environment names, in all the forms in which they can be met. */
export function secretsOfProxies(env: Environment): readonly string[] {
  return ['http_proxy', 'https_proxy', 'all_proxy'].flatMap((name) =>
    [env[name], env[name.toUpperCase()]].flatMap((value) => {
      const text = withScheme(value ?? '');
      if (!URL.canParse(text)) return [];
      const { username, password } = new URL(text);
      // Some take a token for the name of the user, and no password.
      const secret = password === '' ? username : password;
      if (secret === '') return [];
      return [secret, decodePercent(secret), basicOf(username, password)];
    }),
  );
}

/** Value of a Basic header, without the word. */
export function basicOf(username: string, password: string): string {
  return Buffer.from(`${decodePercent(username)}:${decodePercent(password)}`).toString('base64');
}

/** A sign of percent that begins no escape stays one, as curl has it. */
function decodePercent(text: string): string {
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (run) => Buffer.from(run.replaceAll('%', ''), 'hex').toString('utf8'));
}

function withScheme(text: string): string {
  return text.includes('://') ? text : `http://${text}`;
}

function parseProxy(value: string, variable: string): string {
  const text = withScheme(value);
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || url.hostname === '') {
    throw new EpicstarError('proxy-unusable', `${variable} is no address of a proxy.`);
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new EpicstarError(
      'proxy-unusable',
      `${variable} names a ${url.protocol.slice(0, -1)} proxy at ${url.host}; http and https can be used.`,
    );
  }
  const credentials = url.username === '' ? '' : `${url.username}:${url.password}@`;
  return `${url.protocol}//${credentials}${url.host}`;
}

function isLoopback(hostname: string): boolean {
  const name = hostname.toLowerCase();
  return name === 'localhost' || name.endsWith('.localhost') || name === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(name);
}

/** `NO_PROXY`: names, which stand for all below them too, addresses and networks; each perhaps with a port. */
function parseExemptions(text: string): (url: URL, isTls: boolean) => boolean {
  const entries = text
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .map((entry) => entry.toLowerCase());
  if (entries.includes('*')) return () => true;
  const networks = new BlockList();
  const names = entries.flatMap((entry) => {
    if (addNetwork(networks, entry)) return [];
    const [, name = entry, port = ''] = /^(.+):(\d+)$/.exec(entry) ?? [];
    return [{ name: name.replace(/^\*?\./, ''), port }];
  });
  return (url, isTls) => {
    const host = url.hostname.toLowerCase().replace(/^\[(.*)\]$/, '$1');
    if (isIP(host) !== 0 && networks.check(host, isIPv4(host) ? 'ipv4' : 'ipv6')) return true;
    const ownPort = url.port === '' ? (isTls ? '443' : '80') : url.port;
    return names.some(
      ({ name, port }) => (port === '' || port === ownPort) && (host === name || host.endsWith(`.${name}`)),
    );
  };
}

/** False: the entry is no address and no network. */
function addNetwork(networks: BlockList, entry: string): boolean {
  const [address = '', bits] = entry.replace(/^\[(.*)\]$/, '$1').split('/');
  if (isIP(address) === 0) return false;
  const family = isIPv4(address) ? 'ipv4' : 'ipv6';
  if (bits === undefined) networks.addAddress(address, family);
  else if (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 'ipv4' ? 32 : 128)) {
    networks.addSubnet(address, Number(bits), family);
  }
  return true;
}
