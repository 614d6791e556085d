/** @file The configuration as one file, out of settings and store. */
import type { SettingsStore } from '../ports/settings.ts';
import { type ConfigChange, planConfig, readConfigFile, writeConfigFile } from './config-file.ts';
import type { SelectionControl } from './engine-api.ts';
import { parseKeptJson } from './kept-json.ts';

interface Parts {
  readonly settings: Pick<SettingsStore, 'exportText'>;
  readonly selection: Pick<SelectionControl, 'savedRules' | 'chosen'>;
}

export async function exportConfig({ settings, selection }: Parts): Promise<string> {
  const [text, rules, choices] = await Promise.all([settings.exportText(), selection.savedRules(), selection.chosen()]);
  const members = parseKeptJson(text);
  return writeConfigFile({ settings: typeof members === 'object' ? { ...members } : {}, rules, choices });
}

/** Rejects with `config-invalid` for a file that could not be imported, its settings apart. */
export async function previewConfig(
  { selection }: Pick<Parts, 'selection'>,
  text: string,
): Promise<readonly ConfigChange[]> {
  const wanted = readConfigFile(text);
  const [rules, choices] = await Promise.all([selection.savedRules(), selection.chosen()]);
  return planConfig({ rules, choices }, wanted);
}

/**
 * Settings first: they may be refused, and then nothing was changed.
 *
 * @param importSettings gets the text of a settings file
 */
export async function importConfig(
  text: string,
  selection: Pick<SelectionControl, 'replaceChoices' | 'saveSelection'>,
  importSettings: (text: string) => Promise<void>,
): Promise<void> {
  const { settings, rules, choices } = readConfigFile(text);
  await importSettings(JSON.stringify(settings));
  if (choices !== null) await selection.replaceChoices(choices);
  if (rules !== null) await selection.saveSelection(rules);
}
