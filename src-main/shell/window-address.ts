/** @file The addresses of the window's own protocol. Pure. */

export const windowScheme = 'epicstar';
const windowOrigin = `${windowScheme}://window`;

/** @param place behind the `#`, such as `/repositories/12` */
export function windowAddress(place: string): string {
  return `${windowOrigin}/index.html#${place}`;
}

/** Whether an address is a page of the window itself. */
export function isWindowAddress(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, host, username, password } = new URL(address);
  return protocol === `${windowScheme}:` && host === 'window' && username === '' && password === '';
}

/**
 * The file of the built window that an address names, below its folder.
 *
 * @returns path with `/`, or null for what is none of its files
 */
export function windowFile(address: string): string | null {
  if (!isWindowAddress(address)) return null;
  let path: string;
  try {
    path = decodeURIComponent(new URL(address).pathname);
  } catch {
    // Half a character in percent signs.
    return null;
  }
  const name = path === '/' ? '/index.html' : path;
  const isPlain = /^(?:\/[A-Za-z0-9_][A-Za-z0-9._-]*)+$/.test(name) && !name.includes('..');
  return isPlain ? name.slice(1) : null;
}
