/**
 * @file What OneDev makes of a push: its hooks send the list of updates as a form without encoding it, so `+`, `%`, `&`
 * and `=` in a ref name change what arrives. Pure: commands in, a verdict or the updates as OneDev sees them out.
 */

export interface RefCommand {
  readonly oldId: string;
  readonly newId: string;
  readonly refName: string;
}

/** Jetty's limit for a form. */
const maxFormBytes = 5_000_000;

export const hookFailure = 'curl: (22) The requested URL returned error: 500';

/**
 * The updates OneDev reads, last first (with names that may differ from those pushed), or undefined where its own
 * callback fails and the hook sees a 500.
 */
export function readHookForm(commands: readonly RefCommand[]): readonly RefCommand[] | undefined {
  const body = commands.map((command) => `${command.oldId} ${command.newId} ${command.refName}`).join('');
  if (Buffer.byteLength(body) > maxFormBytes) {
    return undefined;
  }
  const line = pickLine(body);
  return line === undefined ? undefined : readLine(line);
}

/** The last parameter with a blank in its name. */
function pickLine(body: string): string | undefined {
  let line: string | undefined;
  for (const part of body.split('&')) {
    const equals = part.indexOf('=');
    const name = decodeFormText(equals < 0 ? part : part.slice(0, equals));
    const value = decodeFormText(equals < 0 ? '' : part.slice(equals + 1));
    if (name === undefined || value === undefined) {
      return undefined;
    }
    if (name.includes(' ')) {
      line = name;
    }
  }
  return line;
}

/** Undefined for `%` without two hex digits. */
function decodeFormText(text: string): string | undefined {
  if (!/[+%]/.test(text)) {
    return text;
  }
  const source = Buffer.from(text, 'utf8');
  const bytes: number[] = [];
  for (let index = 0; index < source.length; index += 1) {
    const byte = source[index] ?? 0;
    if (byte === 0x2b) {
      bytes.push(0x20);
    } else if (byte === 0x25) {
      const digits = source.toString('latin1', index + 1, index + 3);
      if (!/^[0-9a-f]{2}$/i.test(digits)) {
        return undefined;
      }
      bytes.push(Number.parseInt(digits, 16));
      index += 2;
    } else {
      bytes.push(byte);
    }
  }
  return Buffer.from(bytes).toString('utf8');
}

/** From the end: name, new id, then 40 characters of old id; what stands before them is the name of the update before. */
function readLine(line: string): readonly RefCommand[] | undefined {
  const fields = line.split(' ').filter((field) => field !== '');
  const updates: RefCommand[] = [];
  let refName = fields.pop();
  while (refName !== undefined) {
    const newId = fields.pop();
    const joined = fields.pop();
    const oldId = joined?.slice(-40);
    if (newId === undefined || oldId === undefined || !isObjectId(newId) || !isObjectId(oldId)) {
      return undefined;
    }
    updates.push({ oldId, newId, refName });
    const before = joined?.slice(0, -40) ?? '';
    refName = before === '' ? undefined : before;
  }
  return updates.length === 0 ? undefined : updates;
}

function isObjectId(text: string): boolean {
  return /^[0-9a-f]{40}$/i.test(text);
}

export function isZeroId(id: string): boolean {
  return /^0+$/.test(id);
}

export function branchOf(refName: string): string | undefined {
  return refName.startsWith('refs/heads/') ? refName.slice('refs/heads/'.length) : undefined;
}

/** Java writes the hook's answer as ISO-8859-1: what does not fit becomes `?`. */
export function toLatin1(text: string): Buffer {
  const bytes = Array.from(text, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return code > 0xff ? 0x3f : code;
  });
  return Buffer.from(bytes);
}
