/** @file Writes a response body slowly, or only in part, so that clients can be tested against bad connections; must not know what is sent. */
import type { ServerResponse } from 'node:http';

export interface Shape {
  readonly bytesPerSecond?: number;
  readonly cutAfterBytes?: number;
}

export interface ShapedResult {
  readonly bytes: number;
  readonly complete: boolean;
}

/** Pieces per second when throttled: small enough that a client sees a steady trickle. */
const PIECES_PER_SECOND = 20;

/** Resolves after the delay, or at once when the client goes away. @returns whether the client is still there */
export function delayWhileConnected(response: ServerResponse, delayMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const finish = (): void => {
      clearTimeout(timer);
      response.off('close', finish);
      resolve(!response.destroyed);
    };
    const timer = setTimeout(finish, delayMs);
    response.once('close', finish);
  });
}

/** Resolves only when the client goes away. */
export function waitUntilDisconnected(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    if (response.destroyed) resolve();
    else response.once('close', () => resolve());
  });
}

function writePiece(response: ServerResponse, piece: Buffer): Promise<void> {
  return new Promise((resolve) => {
    const finish = (): void => {
      response.off('drain', finish);
      response.off('close', finish);
      resolve();
    };
    if (response.destroyed || response.write(piece)) {
      resolve();
      return;
    }
    response.once('drain', finish);
    response.once('close', finish);
  });
}

/** Hands the last bytes to the socket before the connection is dropped, so that exactly these arrive. */
function writeThenCut(response: ServerResponse, piece: Buffer): Promise<void> {
  return new Promise((resolve) => {
    response.once('close', () => resolve());
    response.write(piece, () => response.socket?.destroy());
  });
}

function* slice(chunk: Buffer, pieceBytes: number): Generator<Buffer> {
  for (let offset = 0; offset < chunk.length; offset += pieceBytes) yield chunk.subarray(offset, offset + pieceBytes);
}

/**
 * Writes the source to the response with backpressure and ends it. The head must have been set before.
 * Never rejects because the client left; a failure of the source is passed on.
 */
export async function writeShaped(
  source: AsyncIterable<Buffer> | Iterable<Buffer>,
  response: ServerResponse,
  shape: Shape = {},
): Promise<ShapedResult> {
  const pieceBytes =
    shape.bytesPerSecond === undefined ? Infinity : Math.ceil(shape.bytesPerSecond / PIECES_PER_SECOND);
  const limit = shape.cutAfterBytes ?? Infinity;
  let bytes = 0;
  if (limit === 0) {
    response.socket?.destroy();
    return { bytes, complete: false };
  }
  for await (const chunk of source) {
    for (const piece of slice(chunk, pieceBytes)) {
      if (response.destroyed) return { bytes, complete: false };
      if (bytes + piece.length >= limit) {
        await writeThenCut(response, piece.subarray(0, limit - bytes));
        return { bytes: limit, complete: false };
      }
      await writePiece(response, piece);
      bytes += piece.length;
      if (shape.bytesPerSecond !== undefined) {
        await delayWhileConnected(response, (piece.length / shape.bytesPerSecond) * 1000);
      }
    }
  }
  if (response.destroyed) return { bytes, complete: false };
  await new Promise<void>((resolve) => {
    response.once('close', () => resolve());
    response.end(() => resolve());
  });
  return { bytes, complete: response.writableFinished };
}
