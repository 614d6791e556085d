/** @file Logging. Implementations redact every registered secret in every encoding before a line leaves the process. */

/** Plain JSON values. Texts from outside may be put in whole: implementations cut and escape them. */
export type LogFields = Readonly<Record<string, unknown>>;

export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  /** `fields.error` may be an Error: name, message, stack and cause are written. */
  error(message: string, fields?: LogFields): void;
  /** A log whose every line carries these fields too. */
  child(fields: LogFields): Log;
}

/** Removes known secrets from texts: plain, base64 (with `user:` prefixes too), and URL-encoded. */
export interface Redactor {
  /** From now on every occurrence of this secret is replaced. Shorter than 8 characters: ignored, it would hit words. */
  add(secret: string): void;
  redact(text: string): string;
}
