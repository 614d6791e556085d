/** @file Checks answers against the slice of GitHub's published description; for tests. */
import { readFileSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';

export interface Slice {
  readonly answers: Readonly<Record<string, object | null>>;
  readonly components: { readonly schemas: Readonly<Record<string, { readonly properties?: object }>> };
}

export function readSlice(): Slice {
  return JSON.parse(readFileSync(new URL('github-openapi-slice.json', import.meta.url), 'utf8')) as Slice;
}

/**
 * @returns a check of one answer: an empty list where it is as described, otherwise what is wrong with it.
 * `key` is like `GET /user 200 application/json`; an answer that GitHub does not describe is wrong too.
 */
export function createSliceValidator(slice: Slice = readSlice()): (key: string, body: unknown) => readonly string[] {
  const ajv = new Ajv({ strict: false, allErrors: true });
  addFormats.default(ajv);
  const compiled = new Map<string, ValidateFunction>();
  return (key, body) => {
    const schema = slice.answers[key];
    if (schema === undefined) return [`not described: ${key}`];
    if (schema === null) return body === undefined ? [] : [`no body is described for ${key}`];
    let validate = compiled.get(key);
    if (validate === undefined) {
      validate = ajv.compile({ ...schema, components: slice.components });
      compiled.set(key, validate);
    }
    if (validate(body)) return [];
    return (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message ?? 'is wrong'}`);
  };
}
