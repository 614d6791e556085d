/** @file The values that settings can have, each read from a text. Knows neither their names nor where they come from. */
import { isAbsolute, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { type QuietHours, readQuietHours } from '../../domain/quiet.ts';

export interface Rule<T> {
  /** What a person may write, in words. */
  readonly allowed: string;
  /** Null: not allowed. */
  readonly read: (text: string) => T | null;
}

/** A schema from text to value, whose only issue says what is allowed. */
export function required<T>({ allowed, read }: Rule<T>) {
  return z.string().transform((text, context): T => {
    const value = read(text.trim());
    if (value !== null) return value;
    context.addIssue({ code: 'custom', message: allowed });
    return z.NEVER;
  });
}

/** The same, where the empty text stands for null: not set. */
export function optional<T>({ allowed, read }: Rule<T>) {
  return z.string().transform((text, context): T | null => {
    const value = read(text.trim());
    if (value === null && text.trim() !== '') context.addIssue({ code: 'custom', message: allowed });
    return value;
  });
}

export function wholeNumber(least: number, most: number): Rule<number> {
  return {
    allowed: `a whole number from ${least} to ${most}`,
    read: (text) => {
      const value = Number(text);
      return /^\d{1,9}$/.test(text) && value >= least && value <= most ? value : null;
    },
  };
}

export function oneOf<const T extends string>(...words: readonly T[]): Rule<T> {
  return { allowed: words.join(', '), read: (text) => words.find((word) => word === text) ?? null };
}

/** Without a slash at the end. A token has no place in an address. */
export const serviceUrl: Rule<string> = {
  allowed: 'an http or https address without user, password, ? and #',
  read: (text) => {
    if (!URL.canParse(text)) return null;
    const { protocol, username, password, search, hash, href } = new URL(text);
    const isPlain = username === '' && password === '' && search === '' && hash === '';
    return (protocol === 'https:' || protocol === 'http:') && isPlain ? href.replace(/\/+$/, '') : null;
  },
};

export const absolutePath: Rule<string> = {
  allowed: 'an absolute path',
  read: (text) => (isAbsolute(text) && !text.includes('\0') ? normalize(text) : null),
};

/** A path, or `file:` or `sqlite:` before one. */
export const databaseUrl: Rule<string> = {
  allowed: 'an absolute path, or a file: address',
  read: (text) => {
    const url = text.replace(/^sqlite:/, 'file:');
    if (!url.startsWith('file:')) return absolutePath.read(text);
    try {
      return fileURLToPath(url);
    } catch {
      return null;
    }
  },
};

const unitBytes: Readonly<Record<string, number>> = { '': 1, K: 1e3, M: 1e6, G: 1e9, T: 1e12 };
const mostBytes = 1e15;

/** In bytes; units are decimal. */
export function byteSize(leastBytes: number): Rule<number> {
  return {
    allowed: `a size such as 500MB or 20GB, from ${leastBytes / 1e6}MB to ${mostBytes / 1e12}TB`,
    read: (text) => {
      const match = /^(\d{1,15}(?:\.\d{1,3})?) ?([KMGT]?)B?$/i.exec(text);
      const unit = unitBytes[(match?.[2] ?? '').toUpperCase()];
      if (match === null || unit === undefined) return null;
      const bytes = Math.round(Number(match[1]) * unit);
      return bytes >= leastBytes && bytes <= mostBytes ? bytes : null;
    },
  };
}

const hostPattern = /^(?:[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?|\[?[0-9a-f:]*:[0-9a-f:.]*\]?)$/;

/** Lower case, IPv6 addresses without brackets. */
export const hostList: Rule<readonly string[]> = {
  allowed: 'host names with commas between them, without http:// and port',
  read: (text) => {
    const hosts = text.split(',').map((host) => host.trim().toLowerCase());
    const named = hosts.filter((host) => host !== '');
    return named.every((host) => hostPattern.test(host)) ? named.map((host) => host.replace(/^\[|\]$/g, '')) : null;
  },
};

/** Local time; where the end is not after the start, it lies on the next day. */
export const quietHours: Rule<QuietHours> = {
  allowed: 'two times of the day such as 22:00-07:00',
  read: readQuietHours,
};

/** A path of projects, such as `github` or `mirrors/github`. */
export const projectPath: Rule<string> = {
  allowed: 'names of letters, digits, -, _ and . with / between them',
  read: (text) => {
    const names = text.split('/');
    const isFit = names.every((name) => /^[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,98}[A-Za-z0-9_])?$/.test(name));
    return isFit && text.length <= 255 ? text : null;
  },
};

/** Public, unlike a client secret. The same shapes: docs.github.com, "Authorizing OAuth apps". */
export const clientId: Rule<string> = {
  allowed: 'the client id of a GitHub App or an OAuth app, such as Iv23liAbCdEfGhIjKlMn',
  read: (text) => (/^[A-Za-z0-9._-]{8,64}$/.test(text) ? text : null),
};
