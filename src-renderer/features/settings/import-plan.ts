/** @file What an import would change, worked out before it is done. Pure; the engine alone decides what is allowed. */
import type { SettingView } from '../../../src-preload/contract/setup-views.ts';
import { factOf } from './setting-facts.ts';
import { describeText, isFixed } from './setting-texts.ts';

export interface ImportStep {
  readonly name: string;
  readonly label: string;
  /** Values in words. */
  readonly from: string;
  readonly to: string;
  /** What keeps it from acting, or null. */
  readonly note: string | null;
}

export type ImportPlan =
  | { readonly kind: 'unreadable'; readonly reason: string }
  | { readonly kind: 'steps'; readonly steps: readonly ImportStep[]; readonly unknown: readonly string[] };

function parseObject(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null;
  } catch {
    return null;
  }
}

/** As a settings file may hold it; null: no setting can be this. */
function textOf(value: unknown): string | null {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(value);
  return Array.isArray(value) && value.every((one) => typeof one === 'string') ? value.join(',') : null;
}

/** A configuration holds the settings among other things; what has no format is a settings file as such. */
function settingsIn(file: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> | null {
  if (!Object.hasOwn(file, 'format')) return file;
  const { settings = {} }: { settings?: unknown } = file;
  return typeof settings === 'object' && settings !== null && !Array.isArray(settings) ? { ...settings } : null;
}

/** The settings of the file are replaced: what the text does not name goes back to its default. */
export function planImport(text: string, settings: readonly SettingView[]): ImportPlan {
  const file = parseObject(text);
  if (file === null) return { kind: 'unreadable', reason: 'This is not a file of settings: it is no JSON object.' };
  const imported = settingsIn(file);
  if (imported === null) return { kind: 'unreadable', reason: 'The settings in this file cannot be read.' };
  const names = new Set(settings.map(({ name }) => name));
  const steps = settings.flatMap((setting): ImportStep[] => {
    const isNamed = Object.hasOwn(imported, setting.name);
    const value = isNamed
      ? (textOf(imported[setting.name]) ?? JSON.stringify(imported[setting.name]))
      : setting.fallback;
    if (isFixed(setting)) return isNamed ? [step(setting, value, `${setting.variable} or a flag stays stronger.`)] : [];
    return value === setting.text ? [] : [step(setting, value, null)];
  });
  return { kind: 'steps', steps, unknown: Object.keys(imported).filter((name) => !names.has(name)) };
}

function step(setting: SettingView, value: string, note: string | null): ImportStep {
  return {
    name: setting.name,
    label: factOf(setting).label,
    from: describeText(setting, setting.text),
    to: describeText(setting, value),
    note,
  };
}
