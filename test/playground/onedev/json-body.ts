/** @file Reading JSON bodies the way OneDev's parser does, with its refusals for unknown and ill-typed properties. */
import { AnswerError, fail, type JsonValue } from './answers.ts';

export type Fields = Readonly<Record<string, JsonValue>>;

const sourceNote = '[Source: REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled)';

/** The Java class a body is read into; nested ones by property. */
export interface Shape {
  readonly className: string;
  readonly known: readonly string[];
  /** Accepted and ignored. */
  readonly ignored?: readonly string[];
  readonly nested?: Readonly<Record<string, Shape>>;
}

export function isFields(value: JsonValue | undefined): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function parseJson(body: string): JsonValue {
  try {
    return JSON.parse(body) as JsonValue;
  } catch {
    const found = /^\s*\{\s*([^"\s}])/.exec(body)?.[1] ?? body.trim()[0] ?? '';
    const code = found.charCodeAt(0);
    const column = body.indexOf(found) + 1;
    return fail(
      400,
      `Unexpected character ('${found}' (code ${code})): was expecting double-quote to start field name\n at ${sourceNote}; line: 1, column: ${column}]`,
    );
  }
}

export function checkShape(body: string, fields: Fields, shape: Shape, chain = ''): void {
  for (const [name, value] of Object.entries(fields)) {
    const link = `${chain}${shape.className}["${name}"]`;
    const nested = shape.nested?.[name];
    if (nested !== undefined && isFields(value)) {
      checkShape(body, value, nested, `${link}->`);
    } else if (!shape.known.includes(name) && shape.ignored?.includes(name) !== true) {
      const list = shape.known.map((property) => `"${property}"`).join(', ');
      fail(
        400,
        `Unrecognized field "${name}" (class ${shape.className}), not marked as ignorable (${shape.known.length} known properties: ${list}])\n at ${place(body, name)} (through reference chain: ${link})`,
      );
    }
  }
}

/** The column is only near the true one: nobody reads it. */
function place(body: string, name: string): string {
  const column = body.indexOf(`"${name}"`) + name.length + 4;
  return `${sourceNote}; line: 1, column: ${column}]`;
}

/** Numbers and texts of digits; null and absent are null. */
export function readId(body: string, fields: Fields, name: string, className: string): number | null {
  const value = fields[name] ?? null;
  if (value === null || value === '') {
    return null;
  }
  const id = Number(value);
  if (Number.isInteger(id)) {
    return id;
  }
  const shown = typeof value === 'string' ? value : JSON.stringify(value);
  return fail(
    400,
    `Cannot deserialize value of type \`java.lang.Long\` from String "${shown}": not a valid \`java.lang.Long\` value\n at ${place(body, name)} (through reference chain: ${className}["${name}"])`,
  );
}

/** Numbers become text; null, absent and the empty text are null. */
export function readText(fields: Fields, name: string): string | null {
  const value = fields[name] ?? null;
  if (value === null || value === '') {
    return null;
  }
  return typeof value === 'object' ? fail(400, `Cannot deserialize value of type \`java.lang.String\``) : String(value);
}

/** An id in a body that a resource looks up; empty if absent. */
export function readNumberText(fields: Fields, name: string): string {
  return readText(fields, name) ?? '';
}

export function readFlag(fields: Fields, name: string, absent: boolean): boolean {
  const value = fields[name];
  return typeof value === 'boolean' ? value : absent;
}

/** OneDev joins its validation messages in no particular order and calls the text JSON. */
export function failValidation(messages: readonly string[]): never {
  const shuffled = messages
    .map((message) => ({ message, at: Math.random() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ message }) => message);
  throw new AnswerError({ status: 400, headers: { 'content-type': 'application/json' }, body: shuffled.join(', ') });
}
