/**
 * @file What no page may do, whatever it is: leave, open windows, get permissions, load anything from elsewhere. Holds
 * for all pages of the process, those of mistakes included.
 */
import type { Session, WebContents } from 'electron';
import { bundleIdOf } from './bundle-answer.ts';
import type { ElectronApi } from './electron-api.ts';
import { isWindowAddress } from './window-address.ts';

export interface SecurityLog {
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
}

export interface PageOpenerOptions {
  readonly shell: Pick<ElectronApi['shell'], 'openExternal'>;
  /** Origins that may be opened in the browser, as they are now: `https://github.com`. */
  readonly hosts: () => readonly string[];
  readonly log: SecurityLog;
}

/** Opens a page in the person's browser, if it is http(s), without credentials, and of an origin on the list. */
export function createPageOpener({ shell, hosts, log }: PageOpenerOptions): (address: string) => void {
  return (address) => {
    const url = webUrl(address);
    if (url === null || !hosts().includes(url.origin)) {
      log.warn('a page that is not on the list was not opened', { origin: url?.origin ?? null });
      return;
    }
    shell.openExternal(url.href).catch((error: unknown) => log.warn('the browser could not be opened', { error }));
  };
}

function webUrl(address: string): URL | null {
  if (!URL.canParse(address)) return null;
  const url = new URL(address);
  const isWeb = url.protocol === 'https:' || url.protocol === 'http:';
  return isWeb && url.username === '' && url.password === '' ? url : null;
}

export interface GuardOptions {
  readonly app: Pick<ElectronApi['app'], 'on'>;
  readonly session: Session;
  /** Takes what a link or `window.open` asked for; a window never comes of it. */
  readonly openPage: (address: string) => void;
  readonly log: SecurityLog;
}

/** Call it before the first window is made. */
export function guardPages({ app, session, openPage, log }: GuardOptions): void {
  app.on('web-contents-created', (_event, contents) => guardContents(contents, openPage, log));
  session.setPermissionRequestHandler((contents, permission, decide, { requestingUrl }) =>
    decide(isCopying(permission, requestingUrl) && isWindowAddress(contents.getURL())),
  );
  session.setPermissionCheckHandler((_contents, permission, origin) => isCopying(permission, origin));
  session.setDevicePermissionHandler(() => false);
  session.on('will-download', (event, item) => {
    // Lists that a person saves are made by the page itself, bundles come from the engine.
    const address = item.getURL();
    if (address.startsWith('blob:') && isWindowAddress(address.slice('blob:'.length))) return;
    if (bundleIdOf(address) !== null) return;
    event.preventDefault();
    log.warn('a download was refused');
  });
  // The content policy of our pages forbids it already; this holds for any other page too.
  session.webRequest.onBeforeRequest(({ url }, decide) => decide({ cancel: !isLocal(url) }));
}

/** The code of a sign-in is copied by a press; reading what others copied is another permission. */
function isCopying(permission: string, origin: string): boolean {
  return permission === 'clipboard-sanitized-write' && isWindowAddress(origin);
}

function isLocal(address: string): boolean {
  return /^(?:epicstar|blob|data|devtools):/i.test(address);
}

function guardContents(contents: WebContents, openPage: (address: string) => void, log: SecurityLog): void {
  const refuse = (event: { preventDefault(): void }, address: string): void => {
    event.preventDefault();
    log.warn('a page that wanted to leave was kept', { origin: originOf(address) });
  };
  contents.on('will-navigate', (event, address) => {
    // To load itself again is no leaving.
    if (!(isWindowAddress(contents.getURL()) && isWindowAddress(address))) refuse(event, address);
  });
  contents.on('will-redirect', (event, address) => refuse(event, address));
  contents.on('will-frame-navigate', (event) => {
    if (!event.isMainFrame) refuse(event, event.url);
  });
  contents.on('will-attach-webview', (event) => refuse(event, ''));
  contents.setWindowOpenHandler(({ url }) => {
    openPage(url);
    return { action: 'deny' };
  });
}

function originOf(address: string): string | null {
  return URL.canParse(address) ? new URL(address).origin : null;
}
