/**
 * @file The environment that git runs in, built from nothing: what the user's shell or system sets never reaches git,
 * secrets reach it here alone. Pure; must not know which command runs.
 */
import { EpicstarError } from '../../domain/errors.ts';
import type { GitRemote } from '../../ports/git.ts';

export type Environment = Readonly<Record<string, string>>;
export type ConfigPair = readonly [key: string, value: string];

/** Taken over where set, beside the PATH: a temporary folder, certificates. Proxies are told to each call. */
const inheritedNames = [
  ['TMPDIR', 'SSL_CERT_FILE', 'SSL_CERT_DIR'],
  // Without these Windows opens no socket and finds no program.
  ['SystemRoot', 'SYSTEMROOT', 'windir', 'ComSpec', 'PATHEXT', 'TEMP', 'TMP', 'ProgramData', 'ALLUSERSPROFILE'],
].flat();

/**
 * Packs up to here are sent in one piece: without a probe request before and without chunked transfer, which some
 * proxies refuse. Four such pushes at a time take 64 MB.
 */
const POST_BUFFER_BYTES = 16 * 1024 * 1024;

/** Holds for every call. All that is not named has git's own default, since no configuration file is read. */
const steadyConfig: readonly ConfigPair[] = [
  ['core.hooksPath', '/dev/null'],
  ['core.fsmonitor', 'false'],
  // A cache that a power cut damaged is noticed (`git-corrupt`) and fetched again; what is in the target is safe there.
  ['core.fsync', 'none'],
  ['gc.auto', '0'],
  ['maintenance.auto', 'false'],
  // One pack a fetch instead of many loose objects: its deltas are sent on as they are.
  ['transfer.unpackLimit', '1'],
  // Would walk the history of each branch only to print a word about it.
  ['fetch.showForcedUpdates', 'false'],
  ['advice.fetchShowForcedUpdates', 'false'],
  // GitHub redirects old names, and whoever takes an old name gets the redirect: identity is checked by id instead.
  ['http.followRedirects', 'false'],
  ['http.postBuffer', String(POST_BUFFER_BYTES)],
];

export interface BaseOptions {
  readonly processEnv: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  /** Private folder that stands in for the home directory. */
  readonly homeDir: string;
  /** Certificates that git shall trust instead of the system's; null leaves it to git. */
  readonly caBundlePath: string | null;
}

/** What all calls have in common. */
export function baseEnvironment(options: BaseOptions): Environment {
  const env: Record<string, string> = {};
  for (const name of inheritedNames) {
    const value = options.processEnv[name];
    if (value !== undefined && value !== '') env[name] = value;
  }
  return {
    ...env,
    PATH: options.processEnv['PATH'] ?? options.processEnv['Path'] ?? '',
    HOME: options.homeDir,
    XDG_CONFIG_HOME: options.homeDir,
    LC_ALL: 'C',
    LANGUAGE: '',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_ATTR_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_ASKPASS: '',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_NO_REPLACE_OBJECTS: '1',
    // No transport at all, unless a call names one.
    GIT_ALLOW_PROTOCOL: 'none',
    GIT_PROTOCOL_FROM_USER: '0',
    ...(options.caBundlePath === null
      ? {}
      : { GIT_SSL_CAINFO: options.caBundlePath, GIT_PROXY_SSL_CAINFO: options.caBundlePath }),
  };
}

function tlsConfig(options: BaseOptions): readonly ConfigPair[] {
  if (options.platform !== 'win32') return [];
  // Windows' own TLS knows the certificates of the company, but cannot take a file.
  return [['http.sslBackend', options.caBundlePath === null ? 'schannel' : 'openssl']];
}

/** `https://host:port/`: what the Authorization header is bound to. Throws `git-failed` for what is no plain http(s) URL. */
export function httpOrigin(url: string): { readonly origin: string; readonly scheme: 'http' | 'https' } {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  const scheme = parsed?.protocol === 'https:' ? 'https' : parsed?.protocol === 'http:' ? 'http' : null;
  if (parsed === null || scheme === null) throw new EpicstarError('git-failed', 'The address is not an http(s) URL.');
  if (parsed.username !== '' || parsed.password !== '') {
    throw new EpicstarError('git-failed', 'The address holds a user or a password.');
  }
  return { origin: `${parsed.origin}/`, scheme };
}

/** Environment that carries configuration, for git and for what it starts. */
export function configEnvironment(pairs: readonly ConfigPair[]): Environment {
  const env: Record<string, string> = { GIT_CONFIG_COUNT: String(pairs.length) };
  for (const [index, [key, value]] of pairs.entries()) {
    env[`GIT_CONFIG_KEY_${index}`] = key;
    env[`GIT_CONFIG_VALUE_${index}`] = value;
  }
  return env;
}

/**
 * Environment of one call. git takes configuration variables away from the server side of a `file` remote, so that side
 * is told by a file.
 *
 * @param fileConfigPath configuration file for the server side of `file` remotes, see {@link fileRemoteConfig}
 * @param proxy as `ProxyFor` gives it for the remote; null: straight there
 */
export function callEnvironment(
  base: Environment,
  options: BaseOptions,
  remote: GitRemote | null,
  fileConfigPath: string,
  proxy: string | null,
): Environment {
  const pairs = [...steadyConfig, ...tlsConfig(options)];
  if (remote === null) return { ...base, ...configEnvironment(pairs) };
  if (remote.transport === 'file') {
    return { ...base, GIT_ALLOW_PROTOCOL: 'file', GIT_CONFIG_GLOBAL: fileConfigPath, ...configEnvironment(pairs) };
  }
  const { origin, scheme } = httpOrigin(remote.url);
  if (remote.authorization !== null) {
    if (/[\r\n]/.test(remote.authorization)) throw new EpicstarError('git-failed', 'The token holds a line break.');
    pairs.push([`http.${origin}.extraHeader`, `Authorization: ${remote.authorization}`]);
  }
  // Empty: none, whatever else names one.
  pairs.push(['http.proxy', proxy ?? '']);
  return { ...base, GIT_ALLOW_PROTOCOL: scheme, ...configEnvironment(pairs) };
}

/**
 * Contents of the file for the server side of `file` remotes. A repository on a NAS often belongs to another user; its
 * hooks are not run.
 */
export const fileRemoteConfig = `[safe]
\tdirectory = *
[core]
\thooksPath = /dev/null
[gc]
\tauto = 0
[maintenance]
\tauto = false
[receive]
\tautogc = false
`;

/** The secrets within an Authorization value: the whole, the part after the scheme, and for Basic the password. */
export function secretsOf(authorization: string): readonly string[] {
  if (authorization === '') return [];
  const [, credentials = ''] = /^\S+\s+(.+)$/.exec(authorization) ?? [];
  if (!/^basic\s/i.test(authorization)) return [authorization, credentials];
  const decoded = Buffer.from(credentials, 'base64').toString('utf8');
  const colon = decoded.indexOf(':');
  const user = colon < 0 ? decoded : decoded.slice(0, colon);
  const password = colon < 0 ? '' : decoded.slice(colon + 1);
  // Some servers take a token for the user. A user who has a password is no secret, and the name stands in many texts.
  const secret = password === '' || password === 'x-oauth-basic' ? user : password;
  return [authorization, credentials, decoded, secret];
}
