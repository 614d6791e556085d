/** @file How long a browser may keep what it was sent. */

/** For everything that may differ next time. */
export const noStore = 'no-store';
/** For files whose name holds a hash of their content. */
export const forever = 'private, max-age=31536000, immutable';
