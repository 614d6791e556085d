/** @file The configuration as one file, for the command line: without an engine that works. */
import type { ApplicationHost, ConfigStep } from './cli/application.ts';
import { compose } from './compose.ts';
import { readConfigFile } from './engine/core/config-file.ts';
import { exportConfig, importConfig, previewConfig } from './engine/core/config-transfer.ts';
import { type AddressName, refuseStrayTokens } from './engine/core/stray-tokens.ts';
import { importSettings, planSettings } from './engine/adapters/system/settings.ts';

interface Where {
  readonly dataDir: string;
  readonly version: string;
}

type ConfigCommands = Pick<ApplicationHost, 'exportConfig' | 'importConfig' | 'previewConfig'>;

export function configAt(where: (flag: string | undefined) => Where): ConfigCommands {
  const opened = async <T>(
    place: Where,
    mode: 'work' | 'read',
    work: (composition: Awaited<ReturnType<typeof compose>>) => Promise<T>,
  ): Promise<T> => {
    const composition = await compose({ ...place, mode, stderrLog: 'warnings', mayLackTarget: true });
    try {
      return await work(composition);
    } finally {
      await composition.close();
    }
  };
  return {
    exportConfig: (flag) =>
      opened(where(flag), 'read', ({ engine, settingsStore }) =>
        exportConfig({ settings: settingsStore, selection: engine }),
      ),
    importConfig: async (flag, text) => {
      const place = where(flag);
      const { settings, rules, choices } = readConfigFile(text);
      const replaceSettings = (own: string): Promise<void> => importSettings(place.dataDir, own);
      const steps = await planSettings(place.dataDir, JSON.stringify(settings));
      const changed = (name: AddressName) => steps.find((step) => step.name === name) ?? { from: '', to: '' };
      await opened(place, 'read', ({ secrets }) =>
        refuseStrayTokens(secrets, (name) => Promise.resolve(changed(name))),
      );
      if (rules === null && choices === null) {
        await replaceSettings(JSON.stringify(settings));
        return;
      }
      await opened(place, 'work', ({ engine }) => importConfig(text, engine, replaceSettings));
    },
    previewConfig: async (flag, text) => {
      const place = where(flag);
      const settings = await planSettings(place.dataDir, JSON.stringify(readConfigFile(text).settings));
      const steps = settings.map((step): ConfigStep => ({ part: 'settings', ...step }));
      const others = await opened(place, 'read', ({ engine }) => previewConfig({ selection: engine }, text));
      return [...steps, ...others];
    },
  };
}
