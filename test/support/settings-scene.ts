/** @file Settings as the settings page has to show them, and the way to it. */
import { settingVariable } from '../../src-main/engine/adapters/system/settings.ts';
import { allowedWords, fallbacks, settingNames } from '../../src-main/engine/adapters/system/settings-schema.ts';
import type { SettingValue } from '../../src-main/engine/core/setup-api.ts';
import type { WindowBench } from './window-bench.ts';

/** All settings there are at their defaults, with some changed by name. */
export function makeSettings(change: Readonly<Record<string, Partial<SettingValue>>> = {}): readonly SettingValue[] {
  return settingNames.map((name) => ({
    name,
    variable: settingVariable(name),
    text: fallbacks[name],
    fallback: fallbacks[name],
    origin: 'default',
    allowed: allowedWords(name),
    ...change[name],
  }));
}

/** Some from each place where a value can come from, and one that the window has no words for. */
export const mixedSettings: readonly SettingValue[] = [
  ...makeSettings({
    pollSeconds: { text: '120', origin: 'file' },
    concurrency: { text: '8', origin: 'environment' },
    pushConcurrency: { text: '2', origin: 'flag' },
    allowInsecure: { text: 'nas.local,10.0.0.5', origin: 'file' },
    onedevUrl: { text: 'https://onedev.example.org', origin: 'file' },
  }),
  {
    name: 'brandNew',
    variable: 'EPICSTAR_BRAND_NEW',
    text: 'a',
    fallback: 'a',
    origin: 'default',
    allowed: 'a, b or c',
  },
];

/** Opens the window at its settings page. */
export async function openSettings(bench: WindowBench, settings = mixedSettings): Promise<void> {
  bench.setup.prepare({ settings });
  const { page } = bench;
  await page.goto(bench.web.host.urlWithToken);
  await page.goto(`${bench.web.host.url}#/settings`);
  await page.getByRole('heading', { level: 1, name: 'Settings' }).waitFor();
  await page.getByRole('region', { name: 'Expert' }).waitFor();
}
