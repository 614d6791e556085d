/**
 * @file The window's files over a protocol of the program's own, so that no page comes from `file:`. One folder, known
 * kinds of files, the content policy on every answer; all else is not found.
 */
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { securityHeaders } from '../bridge/content-policy.ts';
import { answerBundle, bundleIdOf, type OpenBundle } from './bundle-answer.ts';
import type { ElectronApi } from './electron-api.ts';
import { windowFile, windowScheme } from './window-address.ts';

const typesByEnding: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

interface Answer {
  readonly status: 200 | 404;
  readonly type: string;
  readonly body: Uint8Array<ArrayBuffer>;
}

/** Before Electron is ready, once: makes the protocol's pages an origin of their own, as https pages are. */
export function declareWindowProtocol(protocol: Pick<ElectronApi['protocol'], 'registerSchemesAsPrivileged'>): void {
  protocol.registerSchemesAsPrivileged([{ scheme: windowScheme, privileges: { standard: true, secure: true } }]);
}

/** After Electron is ready. @param windowDir folder of the built window */
export function serveWindow(
  protocol: Pick<ElectronApi['protocol'], 'handle'>,
  windowDir: string,
  openBundle: OpenBundle,
): void {
  protocol.handle(windowScheme, async ({ method, url }) => {
    const bundleId = method === 'GET' ? bundleIdOf(url) : null;
    if (bundleId !== null) return await answerBundle(bundleId, openBundle);
    const { status, type, body } = await answer(windowDir, method, url);
    return new Response(body, { status, headers: { ...securityHeaders, 'content-type': type } });
  });
}

async function answer(windowDir: string, method: string, url: string): Promise<Answer> {
  const file = method === 'GET' ? windowFile(url) : null;
  const type = file === null ? undefined : typesByEnding[extname(file)];
  if (file === null || type === undefined) return notFound();
  try {
    return { status: 200, type, body: new Uint8Array(await readFile(join(windowDir, ...file.split('/')))) };
  } catch {
    // A folder, a file that is not there, or one that cannot be read: to a page it is all the same.
    return notFound();
  }
}

function notFound(): Answer {
  return {
    status: 404,
    type: 'text/plain; charset=utf-8',
    body: new TextEncoder().encode('There is nothing here.\n'),
  };
}
