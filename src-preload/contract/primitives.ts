/** @file Small parsers that all views and arguments are made of. Knows no call and no topic. */
import { z } from 'zod';

/** Milliseconds since 1970-01-01T00:00:00Z. */
export const instant = z.int().min(0).max(8_640_000_000_000_000);
export const count = z.int().min(0);
export const githubId = z.int().min(1);
/** A text of a person or of another program: shown as text and as nothing else. */
export const text = (maxChars: number) => z.string().max(maxChars);
/** An address that may be opened: made by the bridge from trusted parts, checked once more here. */
export const link = z
  .string()
  .max(2_000)
  .refine((value) => {
    if (!URL.canParse(value)) return false;
    const { protocol, username, password } = new URL(value);
    return (protocol === 'https:' || protocol === 'http:') && username === '' && password === '';
  }, 'not an http or https address');

/** An answer's object: unknown keys are dropped, so that nothing leaves that no view names. */
export function view<S extends z.ZodRawShape>(shape: S) {
  return z.object(shape).readonly();
}

/** A call's argument: unknown keys are refused. */
export function argument<S extends z.ZodRawShape>(shape: S) {
  return z.strictObject(shape).readonly();
}

export function list<T extends z.ZodType>(item: T, maxItems: number) {
  return z.array(item).max(maxItems).readonly();
}

/** Number of items that one message may carry at most. */
export const maxPageItems = 200;

export function page<T extends z.ZodType>(item: T) {
  return view({
    items: list(item, maxPageItems),
    /** All that match, not only those of this page. */
    total: count,
  });
}

export const pageRequest = {
  offset: count.max(10_000_000).default(0),
  limit: z.int().min(1).max(maxPageItems).default(50),
};
