/** @file What the token of an engine elsewhere can look like. Pure. */

/**
 * Whether a header can carry it: printable characters of ISO 8859-1 (RFC 9110, 5.5). Whoever makes a header of anything
 * else throws, with the whole value in the words of the error.
 */
export function fitsHeader(token: string): boolean {
  return /^[\x20-\x7e\xa0-\xff]+$/.test(token);
}
