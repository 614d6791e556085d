/** @file A log that keeps what it is told, for tests that look at warnings and errors or at none. */
import type { Log, LogFields } from '../../src-main/engine/ports/log.ts';

export interface KeptLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly message: string;
  readonly fields: LogFields;
}

export interface KeptLog extends Log {
  readonly lines: readonly KeptLine[];
}

export function createKeptLog(): KeptLog {
  const lines: KeptLine[] = [];
  const write =
    (level: KeptLine['level']) =>
    (message: string, fields: LogFields = {}): void => {
      lines.push({ level, message, fields });
    };
  const log: KeptLog = {
    lines,
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    child: () => log,
  };
  return log;
}
