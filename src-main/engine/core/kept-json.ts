/** @file Reading what was kept as JSON. Pure. */

/** Null for what is no JSON: what somebody else changed is taken for nothing kept. */
export function parseKeptJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
