/** @file The settings as a person sees and changes them, over flags, environment and file. */
import { EpicstarError } from '../../domain/errors.ts';
import type { SettingsStore, SettingValue } from '../../ports/settings.ts';
import type { Environment } from './env-secrets.ts';
import { nearestWord } from './nearest-word.ts';
import {
  exportSettings,
  importSettings,
  loadSettings,
  saveSettings,
  type SettingName,
  settingNames,
  type SettingTexts,
  settingVariable,
} from './settings.ts';
import { allowedWords, fallbacks } from './settings-schema.ts';

export interface SettingsStoreOptions {
  readonly flags: SettingTexts;
  readonly env: Readonly<Environment>;
  readonly dataDir: string;
}

export function createSettingsStore(options: SettingsStoreOptions): SettingsStore {
  const { dataDir } = options;
  // The file is read and written anew by each change: two at once would lose one of them.
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = (task: () => Promise<void>): Promise<void> => {
    const turn = last.then(task);
    last = turn.catch(() => undefined);
    return turn;
  };

  async function list(): Promise<readonly SettingValue[]> {
    const { texts, origins } = await loadSettings(options);
    return settingNames.map((name) => ({
      name,
      variable: settingVariable(name),
      text: texts[name],
      fallback: fallbacks[name],
      origin: origins[name],
      allowed: allowedWords(name),
    }));
  }

  async function change(wanted: Readonly<Record<string, string | null>>): Promise<void> {
    const { origins } = await loadSettings(options);
    const named = Object.entries(wanted).map(([key, text]) => [settingName(key), text] as const);
    for (const [name] of named) {
      if (origins[name] === 'flag' || origins[name] === 'environment') {
        const place = origins[name] === 'flag' ? 'a flag' : settingVariable(name);
        throw new EpicstarError('config-invalid', `${name} comes from ${place}; change it there.`);
      }
    }
    // An empty text is the default of what need not be set; in the file nothing stands for it.
    const texts: Partial<Record<SettingName, string | null>> = {};
    for (const [name, text] of named) texts[name] = text === null || text === fallbacks[name] ? null : text;
    await saveSettings(dataDir, texts);
  }

  return {
    list,
    change: (wanted) => inTurn(() => change(wanted)),
    exportText: () => exportSettings(dataDir),
    importText: (text) => inTurn(() => importSettings(dataDir, text)),
  };
}

function settingName(key: string): SettingName {
  const name = settingNames.find((one) => one === key);
  if (name !== undefined) return name;
  const nearest = nearestWord(key, settingNames);
  throw new EpicstarError(
    'config-invalid',
    `There is no setting ${JSON.stringify(key)}; the nearest one is ${nearest}.`,
  );
}
