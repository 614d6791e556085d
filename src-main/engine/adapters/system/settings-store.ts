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

  return {
    list,
    change: async (change) => {
      const { origins } = await loadSettings(options);
      const named = Object.entries(change).map(([key, text]) => [settingName(key), text] as const);
      for (const [name] of named) {
        if (origins[name] === 'flag' || origins[name] === 'environment') {
          const place = origins[name] === 'flag' ? 'a flag' : settingVariable(name);
          throw new EpicstarError('config-invalid', `${name} comes from ${place}; change it there.`);
        }
      }
      // An empty text is the default of what need not be set; in the file nothing stands for it.
      const texts = named.map(([name, text]) => [name, text === null || text === fallbacks[name] ? null : text]);
      await saveSettings(dataDir, Object.fromEntries(texts));
    },
    exportText: () => exportSettings(dataDir),
    importText: (text) => importSettings(dataDir, text),
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
