/**
 * @file Ref lists over HTTP without a git process, as git itself asks for them (gitprotocol-http(5), gitprotocol-v2(5)).
 * Listing is what a mirror does most, and each process costs more than the whole exchange. Whatever is not a plain good
 * answer is left to git, which knows proxies and says in words what is wrong.
 */
import { EpicstarError } from '../../domain/errors.ts';
import type { GitRemote, RefListing } from '../../ports/git.ts';
import { createRefReader } from './ref-reader.ts';
import { type Packet, readPackets, writePacket } from './pkt-line.ts';

/** Node's fetch, as far as it is used here. */
export type HttpFetch = (url: string, init: RequestInit) => Promise<Response>;

/** A list of hundreds of thousands of refs; more is not read into memory here, but left to git. */
const mostBytes = 64 * 1024 * 1024;
/** As much as git may tell. One that is given more keeps all of it in memory first, so it is never asked. */
const mostCredibleBytes = 256 * 1024 * 1024;
const timeoutMs = 60_000;
const headsAndTags = ['refs/heads/', 'refs/tags/'];

const askForRefs = [
  writePacket('command=ls-refs\n'),
  '0001',
  writePacket('symrefs\n'),
  ...['HEAD', ...headsAndTags].map((prefix) => writePacket(`ref-prefix ${prefix}\n`)),
  '0000',
].join('');

/**
 * `advertised` reads the plain advertisement of protocol v0; `heads-and-tags` asks by protocol v2, whose answer holds
 * nothing else.
 *
 * @returns null where git has to be asked: no good answer, or one that is not understood
 * @throws EpicstarError `git-failed` for a list that does not end
 */
export async function listRefsByHttp(
  fetch: HttpFetch,
  remote: GitRemote,
  how: 'advertised' | 'heads-and-tags',
  signal: AbortSignal,
): Promise<RefListing | null> {
  const isAll = how === 'advertised';
  const authorization: Record<string, string> =
    remote.authorization === null ? {} : { authorization: remote.authorization };
  const init: RequestInit = isAll
    ? { headers: { ...authorization, accept: '*/*' } }
    : {
        method: 'POST',
        headers: {
          ...authorization,
          'git-protocol': 'version=2',
          'content-type': 'application/x-git-upload-pack-request',
          accept: 'application/x-git-upload-pack-result',
        },
        body: askForRefs,
      };
  const url = isAll ? `${remote.url}/info/refs?service=git-upload-pack` : `${remote.url}/git-upload-pack`;
  const type = `application/x-git-upload-pack-${isAll ? 'advertisement' : 'result'}`;
  const body = await exchange(fetch, url, init, type, signal);
  const packets = body === null ? null : readPackets(body);
  if (packets === null) return null;
  return isAll ? readAdvertisement(packets) : readRefs(packets);
}

async function exchange(
  fetch: HttpFetch,
  url: string,
  init: RequestInit,
  type: string,
  signal: AbortSignal,
): Promise<Buffer | null> {
  try {
    // Redirects are not followed: a name that moved may belong to a stranger, and the token is for this host alone.
    const response = await fetch(url, {
      ...init,
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    });
    if (response.status !== 200 || response.headers.get('content-type') !== type || response.body === null) {
      await response.body?.cancel();
      return null;
    }
    return await readBody(response.body);
  } catch (error) {
    if (error instanceof EpicstarError) throw error;
    // git is asked instead and says what is wrong; an abort ends that call too.
    return null;
  }
}

async function readBody(body: ReadableStream<Uint8Array>): Promise<Buffer | null> {
  let parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of body) {
    bytes += part.length;
    if (bytes > mostCredibleBytes) {
      throw new EpicstarError('git-failed', 'The server lists more refs than is credible.');
    }
    if (bytes > mostBytes) parts = [];
    else parts.push(part);
  }
  return bytes > mostBytes ? null : Buffer.concat(parts);
}

/** `# service=…`, flush, then `<oid> <name>[\0<capabilities>]` a packet, flush. */
function readAdvertisement(packets: readonly Packet[]): RefListing | null {
  const [service, mark, ...lines] = packets;
  if (!(service instanceof Buffer) || !service.toString('latin1').startsWith('# service=git-upload-pack')) return null;
  if (mark !== 'flush' || lines.pop() !== 'flush') return null;
  const reader = createRefReader(['refs/']);
  for (const [index, line] of lines.entries()) {
    if (!(line instanceof Buffer)) return null;
    const nul = line.indexOf(0);
    const named = nul < 0 ? line : line.subarray(0, nul);
    if (index === 0) {
      const head = / symref=HEAD:(\S+)/.exec(line.toString('utf8', nul + 1))?.[1];
      if (head !== undefined) reader.takeHead(head);
    }
    if (!reader.takeNamed(trimmed(named))) return null;
  }
  return reader.listing();
}

/** `<oid> <name>[ <attribute>]…` a packet, flush. */
function readRefs(packets: readonly Packet[]): RefListing | null {
  const lines = [...packets];
  if (lines.pop() !== 'flush') return null;
  const reader = createRefReader(headsAndTags);
  for (const line of lines) {
    if (!(line instanceof Buffer)) return null;
    const whole = trimmed(line);
    const nameAt = whole.indexOf(0x20) + 1;
    const attributesAt = whole.indexOf(0x20, nameAt);
    const target = / symref-target:(\S+)/.exec(attributesAt < 0 ? '' : whole.toString('utf8', attributesAt))?.[1];
    const named = attributesAt < 0 ? whole : whole.subarray(0, attributesAt);
    if (target !== undefined && named.toString('latin1', nameAt) === 'HEAD') reader.takeHead(target);
    if (!reader.takeNamed(named)) return null;
  }
  return reader.listing();
}

function trimmed(line: Buffer): Buffer {
  return line.at(-1) === 0x0a ? line.subarray(0, -1) : line;
}
