/** @file Signs and posts one delivery as GitHub does; must not know hooks or the world. */
import { createHmac } from 'node:crypto';
import { type IncomingMessage, request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { HookConfig, JsonObject } from './webhook-types.ts';

export interface DeliveryOutcome {
  /** 502 where nothing answered, 504 where nothing answered in time. */
  readonly statusCode: number;
  readonly status: string;
  readonly headers: Readonly<Record<string, string>> | null;
  readonly payload: string | null;
}

const MAX_ANSWER_BYTES = 64 * 1024;

/** Header value of `X-Hub-Signature` (sha1) or `X-Hub-Signature-256` (sha256) over the body's raw bytes. */
export function signatureOf(algorithm: 'sha1' | 'sha256', secret: string, body: string | Uint8Array): string {
  return `${algorithm}=${createHmac(algorithm, secret).update(body).digest('hex')}`;
}

/** Compact, other scripts as they are, and escaped control characters in upper-case hex, unlike JavaScript's. */
export function toGithubJson(payload: JsonObject): string {
  return JSON.stringify(payload).replaceAll(/\\(?:u([0-9a-f]{4})|[^u])/g, (escape, hex?: string) =>
    hex === undefined ? escape : `\\u${hex.toUpperCase()}`,
  );
}

/** In a form the JSON is one field, and what is signed is the form. */
export function encodeBody(contentType: HookConfig['contentType'], payload: JsonObject): string {
  const json = toGithubJson(payload);
  return contentType === 'json' ? json : new URLSearchParams({ payload: json }).toString();
}

function headersOf(response: IncomingMessage): Record<string, string> {
  return Object.fromEntries(Object.entries(response.headers).map(([name, value]) => [name, String(value)]));
}

async function readText(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= MAX_ANSWER_BYTES) chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function exchange(
  url: string,
  headers: Readonly<Record<string, string>>,
  body: string,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const send = url.startsWith('https:') ? httpsRequest : httpRequest;
    const request = send(url, { method: 'POST', headers, agent: false, signal }, resolve);
    request.on('error', reject);
    request.end(body);
  });
}

/** Posts once, follows no redirect, never rejects. Any 2xx within `timeoutMs` is a success. */
export async function postDelivery(
  url: string,
  headers: Readonly<Record<string, string>>,
  body: string,
  timeoutMs: number,
  stop: AbortSignal,
): Promise<DeliveryOutcome> {
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const response = await exchange(url, headers, body, AbortSignal.any([timeout, stop]));
    const statusCode = response.statusCode ?? 0;
    const isSuccess = statusCode >= 200 && statusCode < 300;
    const status = isSuccess ? 'OK' : `Invalid HTTP Response: ${statusCode}`;
    return { statusCode, status, headers: headersOf(response), payload: await readText(response) };
  } catch {
    // The record is what GitHub tells of it: neither reason nor stack.
    const [statusCode, status] = timeout.aborted ? [504, 'timed out'] : [502, 'failed to connect'];
    return { statusCode, status, headers: null, payload: null };
  }
}
