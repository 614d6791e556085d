/**
 * @file Addresses that the window may open. They are put together from settings and checked names; an address that
 * came from elsewhere is passed on only if it leads to one of our own hosts. Pure.
 */

export interface LinkOptions {
  /** Where GitHub's pages are: `https://github.com`, or that of an Enterprise server. */
  readonly githubWebUrl: string;
  /** Address of the mirror server; null where mirrors are folders. */
  readonly targetUrl: string | null;
}

export interface Links {
  /** Page of a repository; null if its name is not one that GitHub gives. */
  repository(fullName: string): string | null;
  /** Page of a person. */
  account(login: string): string | null;
  /** The page of a mirror, if it lies on the mirror server. */
  mirror(projectUrl: string | null): string | null;
  /** Address of the mirror server itself. */
  readonly target: string | null;
  /** A notice of GitHub, if it lies there. */
  notice(url: string | undefined): string | null;
  /** The page for the code of a sign-in under way, as it was checked to lie on the GitHub that was asked. */
  verification(url: string): string | null;
  /** Where a token is made, with what it needs filled in as far as GitHub allows that. */
  readonly newToken: string | null;
  /** Where an app of one's own is registered. */
  readonly newApp: string | null;
}

const owner = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}$/;
const name = /^[A-Za-z0-9._-]{1,100}$/;

/** Null for everything but a plain http or https address without credentials. */
function parseWebUrl(text: string): URL | null {
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  const isWeb = url.protocol === 'https:' || url.protocol === 'http:';
  return isWeb && url.username === '' && url.password === '' ? url : null;
}

function onHostOf(base: URL | null, text: string | null | undefined): string | null {
  if (base === null || text === null || text === undefined) return null;
  const url = parseWebUrl(text);
  return url !== null && url.origin === base.origin ? url.href : null;
}

/** @param options asked for each link, since settings change while the window is open */
export function makeLinks(options: () => LinkOptions): Links {
  const github = (): URL | null => parseWebUrl(options().githubWebUrl);
  const target = (): URL | null => {
    const { targetUrl } = options();
    return targetUrl === null ? null : parseWebUrl(targetUrl);
  };
  const page = (...segments: readonly string[]): string | null => {
    const base = github();
    if (base === null || segments.some((segment) => segment === '.' || segment === '..')) return null;
    const prefix = base.pathname.replace(/\/+$/, '');
    return `${base.origin}${prefix}/${segments.map(encodeURIComponent).join('/')}`;
  };
  return {
    repository(fullName) {
      const [ownerPart, namePart, ...rest] = fullName.split('/');
      if (ownerPart === undefined || namePart === undefined || rest.length > 0) return null;
      return owner.test(ownerPart) && name.test(namePart) ? page(ownerPart, namePart) : null;
    },
    account: (login) => (owner.test(login) ? page(login) : null),
    mirror: (projectUrl) => onHostOf(target(), projectUrl),
    get target() {
      return target()?.href ?? null;
    },
    notice: (url) => onHostOf(github(), url),
    verification: (url) => parseWebUrl(url)?.href ?? null,
    get newToken() {
      // Parameters: docs.github.com, "Pre-filling fine-grained personal access token details using URL parameters".
      const at = page('settings', 'personal-access-tokens', 'new');
      return at === null ? null : `${at}?name=epicstar&description=Mirrors+starred+repositories&starring=read`;
    },
    get newApp() {
      return page('settings', 'applications', 'new');
    },
  };
}
