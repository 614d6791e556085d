/** @file Hands a bundle out as a file: streamed from the disk, removed there once all of it has left. */
import { createReadStream } from 'node:fs';
import type { FastifyInstance } from 'fastify';
import type { Bridge } from '../bridge/bridge.ts';
import type { WebLog } from './web-host.ts';

export interface BundleRouteOptions {
  readonly bridge: Pick<Bridge, 'bundleFile' | 'bundleArrived'>;
  readonly log: WebLog;
}

/** For members alone. A download that breaks leaves the bundle where it is: it can be begun again. */
export function addBundleRoute(app: FastifyInstance, { bridge, log }: BundleRouteOptions): void {
  app.get<{ Params: { readonly id: string } }>('/api/bundles/:id', async (request, reply) => {
    // A page of another port of this computer may send a visit here, with the cookie: it would take the bundle away.
    const site = request.headers['sec-fetch-site'];
    if (site !== undefined && site !== 'same-origin' && site !== 'none') {
      return reply.code(403).type('text/plain; charset=utf-8').send('epicstar takes no requests from other pages.\n');
    }
    const { id } = request.params;
    const file = await bridge.bundleFile(id);
    if (file === null) {
      return reply.code(404).type('text/plain; charset=utf-8').send('There is no such bundle any more.\n');
    }
    reply.raw.once('finish', () => {
      // HEAD is answered by the same route and carries nothing.
      if (request.method !== 'GET') return;
      bridge.bundleArrived(id).catch((error: unknown) => log.warn('a bundle was not put away', { error }));
    });
    return reply
      .headers({
        'content-type': 'application/x-git-bundle',
        'content-length': file.bytes,
        // Letters, digits, `.`, `_` and `-` alone: nothing has to be escaped.
        'content-disposition': `attachment; filename="${file.fileName}"`,
      })
      .send(createReadStream(file.path));
  });
}
