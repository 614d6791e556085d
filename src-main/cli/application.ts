/** @file What the commands need of the composition root; they build nothing themselves. */
import type { EngineControl } from '../engine/core/engine-api.ts';
import type { Setup } from '../engine/core/setup-api.ts';

/**
 * `work`: this process alone uses the data directory. `read`: beside another that works. `dry-run`: on a throw-away
 * copy of the database. `work-or-read`: works, or, while another does, reads and says so.
 */
export type OpenMode = 'work' | 'read' | 'work-or-read' | 'dry-run';

export interface OpenOptions {
  /** `--data-dir`; undefined: environment or default. */
  readonly dataDir: string | undefined;
  readonly mode: OpenMode;
  /** What of the log goes to stderr beside the log file. */
  readonly stderrLog: 'configured' | 'warnings';
  /** Whether to open without a place for mirrors, which can be set in the window. Default false. */
  readonly mayLackTarget?: boolean;
}

export interface Application {
  readonly engine: EngineControl;
  readonly dataDir: string;
  /** The token for another remote, as the environment has it; null: it has none. */
  pushToken(): Promise<string | null>;
  /** Offers the window to browsers. Rejects with `config-invalid` where it may or can not listen. */
  serve(options: ServeOptions): Promise<Served>;
  /** Ends the engine, flushes the log. Safe to call twice. */
  close(): Promise<void>;
}

export interface ServeOptions {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
}

export interface Served {
  /** Address without the token. */
  readonly url: string;
  /** Address that signs a browser in; for the person at this terminal alone. */
  readonly urlWithToken: string;
  close(): Promise<void>;
}

/** Set-up alone, without store and engine: it works beside a process that uses the data directory. */
export interface OpenedSetup {
  readonly setup: Setup;
  /** Ends what is under way. Safe to call twice. */
  close(): Promise<void>;
}

/** One change of an import, in words. */
export interface ConfigStep {
  readonly part: 'settings' | 'rules' | 'choices';
  readonly name: string;
  readonly from: string;
  readonly to: string;
}

export interface ApplicationHost {
  readonly version: string;
  /** Rejects with an EpicstarError: `config-invalid`, `data-dir-locked`, `database-newer`, … */
  open(options: OpenOptions): Promise<Application>;
  /** Makes the data directory where it is missing. Only warnings of the log go to stderr. */
  openSetup(options: { readonly dataDir: string | undefined }): Promise<OpenedSetup>;
  /** Settings, rules and choices without secrets, as JSON text. */
  exportConfig(dataDir: string | undefined): Promise<string>;
  /**
   * Checks all, then puts it in the place of what there is; rejects with `config-invalid` and changes nothing. Settings
   * alone can be imported beside a program that works on the data directory.
   */
  importConfig(dataDir: string | undefined, text: string): Promise<void>;
  /** What that would change; changes nothing. */
  previewConfig(dataDir: string | undefined, text: string): Promise<readonly ConfigStep[]>;
  openInBrowser(url: string): Promise<void>;
}

/** The terminal that a command talks to. */
export interface Terminal {
  /** Whether a person watches: live bars are drawn then. */
  readonly isInteractive: boolean;
  out(line: string): void;
  err(line: string): void;
  /** Stream for live bars. */
  readonly barStream: NodeJS.WriteStream;
  /** Aborts when the person or the system asks to end. */
  readonly interrupted: AbortSignal;
  readFile(filePath: string): Promise<string>;
  /** Replaces what is there. Rejects with `config-invalid`. */
  writeFile(filePath: string, text: string): Promise<void>;
  /**
   * One line of stdin without its line break and the blanks around it. Where stdin is a terminal, the prompt is written
   * to stderr and what is typed is not shown; elsewhere there is no prompt. Rejects with `cancelled` once `interrupted`
   * aborts (Ctrl+C while typing aborts it too), with `config-invalid` where stdin ends before anything came or the line
   * is longer than 64 kB.
   *
   * @param prompt without a blank at its end: `Token for OneDev:`
   */
  readSecret(prompt: string): Promise<string>;
  /** The same, and what is typed is shown; only where a person types: else it rejects with `config-invalid`. */
  readLine(prompt: string): Promise<string>;
}
