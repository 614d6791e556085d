/** @file The Log on pino: to stderr, to a file that rolls, or both. No line leaves before the redactor has seen it. */
import { once } from 'node:events';
import { type Level, type Logger, pino } from 'pino';
import openRollingFile, { type RollingFile } from 'pino-roll';
import { EpicstarError } from '../../domain/errors.ts';
import type { Log, LogFields, Redactor } from '../../ports/log.ts';
import { FieldWriter } from './log-fields.ts';
import { jsonLine, textLine } from './log-lines.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';
export type LogFormat = 'text' | 'json';

export interface LogFileOptions {
  /** Absolute, without number and extension: `…/logs/epicstar` becomes `…/logs/epicstar.1.log` and so on. */
  readonly path: string;
  /** Size at which the next file is begun, `500k` or `10m`. Default `10m`. */
  readonly size?: string;
  /** How many are kept besides the one in use. Default 4. */
  readonly keep?: number;
}

export interface PinoLogOptions {
  /** Least level that is written anywhere. */
  readonly level: LogLevel;
  readonly format: LogFormat;
  readonly redactor: Redactor;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Takes whole lines; null: nothing but the file. */
  readonly stderr: ((line: string) => void) | null;
  /** Least level for stderr; default `level`. */
  readonly stderrLevel?: LogLevel;
  readonly file?: LogFileOptions | null;
}

export interface PinoLog {
  readonly log: Log;
  /** Resolves when all that was logged is in the file. */
  flush(): Promise<void>;
  /** Flushes and ends the file; what is logged later goes to stderr alone. */
  close(): Promise<void>;
}

const levelValues: Readonly<Record<LogLevel, number>> = { debug: 20, info: 30, warn: 40, error: 50 };

/** What a full disk does not take is held in memory: so often a line is tried, the others are dropped. */
const tryAgainMs = 30_000;

async function openFile({ path, size = '10m', keep = 4 }: LogFileOptions): Promise<RollingFile> {
  const limit = { count: keep + 1, removeOtherLogFiles: true };
  try {
    // Written at once: the last lines before a crash are those that matter.
    return await openRollingFile({ file: path, size, extension: '.log', mkdir: true, mode: 0o600, sync: true, limit });
  } catch (cause) {
    const words = cause instanceof Error ? cause.message : String(cause);
    throw new EpicstarError('config-invalid', `The log file ${path} cannot be opened: ${words}.`, { cause });
  }
}

class Sink {
  /** Set by pino just before each write. */
  lastLevel = 0;
  readonly #options: PinoLogOptions;
  #file: RollingFile | null;
  #hasFailed = false;
  #failedAt = 0;
  #dropped = 0;

  constructor(options: PinoLogOptions, file: RollingFile | null) {
    this.#options = options;
    this.#file = file;
    // A full disk must not end the program: work goes on without the file, and stderr says so once.
    file?.on('error', (error: Error) => this.#fileFailed(error));
    file?.on('write', () => this.#fileWritten());
  }

  write(jsonText: string): void {
    const { format, redactor, stderr, stderrLevel, level } = this.#options;
    const line = redactor.redact(format === 'json' ? jsonLine(jsonText) : textLine(jsonText));
    if (stderr !== null && this.lastLevel >= levelValues[stderrLevel ?? level]) stderr(line);
    this.#toFile(line);
  }

  #toFile(line: string): void {
    if (this.#hasFailed && Math.abs(this.#options.now() - this.#failedAt) < tryAgainMs) {
      this.#dropped += 1;
      return;
    }
    this.#file?.write(line);
  }

  async flush(): Promise<void> {
    const file = this.#file;
    if (file === null) return;
    await new Promise<void>((resolve) => {
      file.flush((error) => {
        if (error) this.#fileFailed(error);
        resolve();
      });
    });
  }

  async close(): Promise<void> {
    const file = this.#file;
    await this.flush();
    this.#file = null;
    if (file === null || this.#hasFailed) return;
    const closed = once(file, 'close');
    file.end();
    await closed;
  }

  #fileWritten(): void {
    if (!this.#hasFailed) return;
    this.#hasFailed = false;
    this.#options.stderr?.(`The log file is written again; ${this.#dropped} lines are not in it.\n`);
    this.#dropped = 0;
  }

  #fileFailed(error: Error): void {
    this.#failedAt = this.#options.now();
    if (this.#hasFailed) return;
    this.#hasFailed = true;
    this.#options.stderr?.(this.#options.redactor.redact(`The log file cannot be written: ${error.message}\n`));
  }
}

class AdaptedLog implements Log {
  readonly #pino: Logger;
  readonly #fields: FieldWriter;

  constructor(logger: Logger, fields: FieldWriter) {
    this.#pino = logger;
    this.#fields = fields;
  }

  debug(message: string, fields?: LogFields): void {
    this.#write('debug', message, fields);
  }

  info(message: string, fields?: LogFields): void {
    this.#write('info', message, fields);
  }

  warn(message: string, fields?: LogFields): void {
    this.#write('warn', message, fields);
  }

  error(message: string, fields?: LogFields): void {
    this.#write('error', message, fields);
  }

  child(fields: LogFields): Log {
    return new AdaptedLog(this.#pino.child(this.#fields.fields(fields)), this.#fields);
  }

  #write(level: Level, message: string, fields: LogFields = {}): void {
    if (!this.#pino.isLevelEnabled(level)) return;
    // The text goes in as an argument of its own: pino would read `%s` in a message as a place for a value.
    this.#pino[level](this.#fields.fields(fields), '%s', this.#fields.text(message));
  }
}

/** @throws EpicstarError `config-invalid` where the file cannot be opened */
export async function createPinoLog(options: PinoLogOptions): Promise<PinoLog> {
  const file = options.file ? await openFile(options.file) : null;
  const sink = new Sink(options, file);
  const logger = pino(
    {
      level: options.level,
      base: null,
      timestamp: () => `,"time":"${new Date(options.now()).toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      hooks: {
        logMethod(args, method, level) {
          sink.lastLevel = level;
          method.apply(this, args);
        },
      },
    },
    sink,
  );
  const log = new AdaptedLog(logger, new FieldWriter((text) => options.redactor.redact(text)));
  return { log, flush: () => sink.flush(), close: () => sink.close() };
}
