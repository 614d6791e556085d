/** @file Types of pino-roll, as far as they are used here; the package brings none. */
declare module 'pino-roll' {
  import type { EventEmitter } from 'node:events';

  export interface RollingFile extends EventEmitter {
    write(text: string): boolean;
    flush(done: (error?: Error | null) => void): void;
    end(): void;
  }

  export interface RollOptions {
    readonly file: string;
    /** `10m`, `500k`. */
    readonly size: string;
    readonly extension: string;
    readonly mkdir: boolean;
    readonly mode: number;
    /** Each line is in the file when `write` returns. */
    readonly sync: boolean;
    readonly limit: { readonly count: number; readonly removeOtherLogFiles: boolean };
  }

  export default function build(options: RollOptions): Promise<RollingFile>;
}
