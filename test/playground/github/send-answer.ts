/** @file Writes an answer to the connection, with the faults of sending; must not know what it says. */
import type { ServerResponse } from 'node:http';
import { type ShapedResult, writeShaped } from '../git-http/index.ts';
import type { Answer } from './answer.ts';
import { type Fault, faultOf } from './faults.ts';

const CHUNK_BYTES = 64 * 1024;

/** A JSON array of one long string, made while it is sent. */
function* hugeJson(bytes: number): Generator<Buffer> {
  yield Buffer.from('["');
  const chunk = Buffer.alloc(CHUNK_BYTES, 'x');
  for (let left = bytes - 4; left > 0; left -= CHUNK_BYTES) yield left < CHUNK_BYTES ? chunk.subarray(0, left) : chunk;
  yield Buffer.from('"]');
}

export function bodyText(answer: Answer): string {
  if (answer.body === undefined) return '';
  return typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body);
}

/** Resolves when the exchange is over; never rejects because the client left. HEAD gets no body. */
export async function sendAnswer(
  response: ServerResponse,
  answer: Answer,
  faults: readonly Fault[],
): Promise<ShapedResult> {
  const cut = faultOf(faults, 'cut');
  const huge = faultOf(faults, 'huge-body');
  const body = Buffer.from(bodyText(answer));
  response.statusCode = answer.status;
  for (const [name, value] of Object.entries(answer.headers)) response.setHeader(name, value);
  if (huge === undefined && answer.status !== 204 && answer.status !== 304) {
    response.setHeader('content-length', body.length);
  }
  const source = huge === undefined ? (body.length === 0 ? [] : [body]) : hugeJson(huge.bytes);
  return await writeShaped(source, response, cut === undefined ? {} : { cutAfterBytes: cut.afterBytes });
}
