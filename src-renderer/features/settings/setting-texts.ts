/** @file Texts of settings as they are typed, compared, checked and read out. Pure. */
import type { SettingView } from '../../../src-preload/contract/setup-views.ts';
import { factOf, type SettingKind, settingFacts } from './setting-facts.ts';

/** What was changed and not yet saved, by name; null: back to the default. */
export type Drafts = Readonly<Record<string, string | null>>;

export const sizeUnits = ['MB', 'GB', 'TB'] as const;

/** An amount and its unit; null where the text is written in another way. */
export function readSize(text: string): { readonly amount: string; readonly unit: string } | null {
  const match = /^([^\s]*?) ?([MGT])B?$/i.exec(text.trim());
  if (match === null) return null;
  return { amount: match[1] ?? '', unit: `${(match[2] ?? '').toUpperCase()}B` };
}

/** As it is sent: what is typed only for the eye is left out. */
export function sentText(kind: SettingKind, typed: string): string {
  if (kind !== 'hosts') return typed.trim();
  return typed
    .split(/[\s,]+/)
    .filter((host) => host !== '')
    .join(',');
}

/** As a field of hosts shows it: one a line. */
export function hostLines(text: string): string {
  return text.split(',').join('\n');
}

/** The text that a field shows. */
export function shownText(setting: SettingView, draft: string | null | undefined): string {
  if (draft === undefined) return setting.text;
  return draft ?? setting.fallback;
}

export function isChanged(setting: SettingView, draft: string | null | undefined): boolean {
  if (draft === undefined) return false;
  if (draft === null) return setting.origin === 'file';
  const { kind } = factOf(setting);
  return sentText(kind, draft) !== sentText(kind, setting.text);
}

/** Decided by a flag or the environment. */
export function isFixed({ origin }: SettingView): boolean {
  return origin === 'flag' || origin === 'environment';
}

/** The changed ones alone, as `settings.change` wants them. */
export function changeOf(settings: readonly SettingView[], drafts: Drafts): Drafts {
  const changed = settings.filter((setting) => !isFixed(setting) && isChanged(setting, drafts[setting.name]));
  return Object.fromEntries(
    changed.map((setting) => {
      const draft = drafts[setting.name] ?? null;
      return [setting.name, draft === null ? null : sentText(factOf(setting).kind, draft)];
    }),
  );
}

/** What is wrong with a text as it is typed; null: nothing that can be seen from here. */
export function problemOf(setting: SettingView, typed: string): string | null {
  const { kind } = factOf(setting);
  const text = sentText(kind, typed);
  const isWrong =
    (text === '' && setting.fallback !== '') ||
    (kind === 'number' && !isNumberWithin(text, setting.allowed)) ||
    (kind === 'size' && !/^\d+(?:\.\d{1,3})? ?[KMGT]?B?$/i.test(text));
  return isWrong ? `It has to be ${setting.allowed}.` : null;
}

function isNumberWithin(text: string, allowed: string): boolean {
  const [, least = '0', most = 'Infinity'] = / from (\d+) to (\d+)$/.exec(allowed) ?? [];
  return /^\d+$/.test(text) && Number(text) >= Number(least) && Number(text) <= Number(most);
}

/** A value for a person: `60 seconds`, `20 GB`, `none`. */
export function describeText(setting: Pick<SettingView, 'name' | 'allowed'>, text: string): string {
  const { kind, unit, options, empty } = factOf(setting);
  if (text === '') return empty ?? 'nothing';
  if (kind === 'choice') return options?.[text] ?? text;
  if (kind === 'hosts') return text.split(',').join(', ');
  const size = kind === 'size' ? readSize(text) : null;
  if (size !== null) return `${size.amount} ${size.unit}`;
  return unit === undefined ? text : `${text} ${unit}`;
}

/** Where a value comes from; null: it is the default. */
export function describeOrigin({ origin, variable }: SettingView): string | null {
  switch (origin) {
    case 'flag':
      return 'Set by a flag';
    case 'environment':
      return `Set by ${variable}`;
    case 'file':
      return 'Set in the settings file';
    case 'default':
      return null;
  }
}

/**
 * Finds the setting that a refusal speaks of: the one whose name stands first in it.
 *
 * @returns its name, and what is wrong in a sentence; null where none is named
 */
export function blame(
  message: string,
  names: readonly string[],
): { readonly name: string; readonly problem: string } | null {
  const found = names
    .map((name) => ({ name, at: message.search(new RegExp(`\\b${name.replace(/\W/g, '\\$&')}\\b`)) }))
    .filter(({ at }) => at >= 0)
    .sort((one, other) => one.at - other.at)[0];
  if (found === undefined) return null;
  const [, allowed] = / allowed: (.+?)\.?$/s.exec(message) ?? [];
  const problem = allowed === undefined ? message.slice(found.at) : `It has to be ${allowed}.`;
  return { name: found.name, problem };
}

/** In the order of the page: known ones as they are listed, then all others by name. */
export function inOrder(settings: readonly SettingView[]): readonly SettingView[] {
  const order = Object.keys(settingFacts);
  const rank = ({ name }: SettingView): number => (order.includes(name) ? order.indexOf(name) : order.length);
  return [...settings].sort((one, other) => rank(one) - rank(other) || one.name.localeCompare(other.name));
}
