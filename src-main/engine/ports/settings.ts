/** @file The settings as a person sees and changes them. Values travel as texts; parsing is the store's matter. */

export interface SettingValue {
  /** Name in the settings file. */
  readonly name: string;
  /** Environment variable of the same meaning. */
  readonly variable: string;
  /** As it is in force. */
  readonly text: string;
  readonly fallback: string;
  readonly origin: 'flag' | 'environment' | 'file' | 'default';
  /** What is allowed, in a few words. */
  readonly allowed: string;
}

/** Rejects with `config-invalid`, naming setting, value and what is allowed; then nothing was changed. */
export interface SettingsStore {
  list(): Promise<readonly SettingValue[]>;
  /** Changes the file; null takes a setting out of it. One that a flag or the environment overrides is refused. */
  change(change: Readonly<Record<string, string | null>>): Promise<void>;
  /** The file's settings as JSON, without secrets. */
  exportText(): Promise<string>;
  importText(text: string): Promise<void>;
}
