/**
 * @file Bundles of mirrors on the window's own protocol: the page's link to one is answered by the engine of this process, or
 * by the one elsewhere, streamed; the system then asks the person where to save it.
 */
import { Readable } from 'node:stream';
import { securityHeaders } from '../bridge/content-policy.ts';
import { isWindowAddress } from './window-address.ts';

export interface OpenedBundle {
  readonly fileName: string;
  readonly bytes: number;
  readonly body: Readable;
}

/** Null: there is none, or not any more. Rejects where the engine cannot be asked. */
export type OpenBundle = (id: string) => Promise<OpenedBundle | null>;

const bundlePath = /^\/api\/bundles\/([A-Za-z0-9-]{1,64})$/;

/** Null: the address names no bundle. */
export function bundleIdOf(address: string): string | null {
  if (!isWindowAddress(address)) return null;
  return bundlePath.exec(new URL(address).pathname)?.[1] ?? null;
}

export async function answerBundle(id: string, open: OpenBundle): Promise<Response> {
  // Whatever it was, the page can only say that there is nothing.
  const bundle = await open(id).catch(() => null);
  if (bundle === null) return new Response(null, { status: 404, headers: securityHeaders });
  const { fileName, bytes, body } = bundle;
  return new Response(Readable.toWeb(body) as ReadableStream<Uint8Array>, {
    status: 200,
    headers: {
      ...securityHeaders,
      'content-type': 'application/x-git-bundle',
      'content-length': String(bytes),
      'content-disposition': `attachment; filename="${fileName}"`,
    },
  });
}
