/** @file The words of the git-over-HTTP server: what a caller decides per request and what it is told afterwards; must not know any forge. */
import type { IncomingMessage } from 'node:http';

/** Misbehaviour for one request. Byte counts are of bodies, never of headers. */
export interface GitHttpFaults {
  readonly delayMs?: number;
  /** Upper bound for the response body; the response is sent in small pieces. */
  readonly bytesPerSecond?: number;
  /** Ends the connection after that many response bytes; 0 ends it before the status line. */
  readonly cutAfterResponseBytes?: number;
  /** Ends the connection once that many request bytes have arrived. */
  readonly cutAfterRequestBytes?: number;
  /** Answers this instead of running git. */
  readonly answer?: GitHttpRefusal;
}

/** A finished answer that needs no git. `text/plain` bodies are shown by git as `remote:` lines. */
export interface GitHttpRefusal {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Permission to serve one request from one bare repository. */
export interface GitHttpGrant {
  /** Absolute path of the bare repository. */
  readonly repoDir: string;
  /** When false, every push is answered with 403. */
  readonly allowPush: boolean;
  /** Added to git's otherwise scrubbed environment; hooks see it too. */
  readonly env?: Readonly<Record<string, string>>;
  readonly faults?: GitHttpFaults;
}

export type GitHttpDecision = GitHttpGrant | GitHttpRefusal;

/** One finished request. `status` is 0 when the connection ended before a status line was sent. */
export interface GitHttpRecord {
  readonly method: string;
  /** Path as sent, still percent-encoded. */
  readonly pathname: string;
  readonly query: string;
  readonly service: 'git-upload-pack' | 'git-receive-pack' | null;
  readonly status: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly durationMs: number;
  /** `false` when the connection ended before the answer was complete. */
  readonly complete: boolean;
}

export interface GitHttpOptions {
  /** Decides who may read or push what. Called once a request; a rejection becomes 500. */
  readonly resolve: (pathname: string, request: IncomingMessage) => GitHttpDecision | Promise<GitHttpDecision>;
  /** Called once for each finished request. */
  readonly onRequest?: (record: GitHttpRecord, request: IncomingMessage) => void;
  /** The git executable; default `git` on the PATH. */
  readonly gitPath?: string;
}
