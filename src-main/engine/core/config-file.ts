/**
 * @file The file that takes a configuration to another machine: settings, rules of what to mirror, and a person's choices
 * by GitHub id. No secret is in it. Pure; what a setting may be is the settings' own matter.
 *
 * [Note: older files] A file without `format` is a settings file as such: it holds settings alone.
 */
import { EpicstarError } from '../domain/errors.ts';
import type { GithubId } from '../domain/repository.ts';
import { defaultSelectionRules, type OnlyNever, type SelectionRules } from '../domain/selection.ts';
import { parseKeptJson } from './kept-json.ts';

/** Each id in one of the two. */
export interface ChosenIds {
  readonly include: readonly GithubId[];
  readonly exclude: readonly GithubId[];
}

export interface ConfigFile {
  /** As in the settings file. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Null: nobody chose any, or the file does not tell. */
  readonly rules: SelectionRules | null;
  /** Null: the file does not tell. */
  readonly choices: ChosenIds | null;
}

/** What an import would change, apart from settings. Values in words. */
export interface ConfigChange {
  readonly part: 'rules' | 'choices';
  readonly name: string;
  readonly from: string;
  readonly to: string;
}

const format = 'epicstar-config';
const version = 1;
const onlyNeverNames = ['owners', 'languages', 'topics', 'lists', 'namePatterns'] as const;
const mirrorOrSkipNames = ['forks', 'archived', 'privateOnes'] as const;
const mostTexts = 10_000;
/** What a Date can hold. */
const latestTime = 8_640_000_000_000_000;
const mostIds = 100_000;

export function writeConfigFile({ settings, rules, choices }: ConfigFile): string {
  const isAnyChosen = choices !== null && choices.include.length + choices.exclude.length > 0;
  const file = {
    format,
    version,
    settings,
    ...(rules === null ? {} : { rules }),
    ...(isAnyChosen ? { choices } : {}),
  };
  // One line for all ids: there may be thousands.
  const text = JSON.stringify(file, null, 2).replace(/\[[\s\d,]+\]/g, (ids) => ids.replace(/\s+/g, ''));
  return `${text}\n`;
}

/** @throws EpicstarError `config-invalid` naming the field that is wrong, and what it may be */
export function readConfigFile(text: string): ConfigFile {
  const value = parseKeptJson(text);
  if (value === null) throw new EpicstarError('config-invalid', 'The imported file is not JSON.');
  if (!isObject(value)) throw new EpicstarError('config-invalid', 'The imported file does not hold one JSON object.');
  if (!Object.hasOwn(value, 'format')) return { settings: value, rules: null, choices: null };
  if (value['format'] !== format) throw wrong('format', JSON.stringify(format));
  const told = value['version'];
  if (typeof told === 'number' && Number.isSafeInteger(told) && told > version) {
    throw new EpicstarError(
      'config-invalid',
      `The file is of a newer epicstar (version ${told}); update this one first.`,
    );
  }
  if (told !== version) throw wrong('version', String(version));
  refuseOthers(value, ['format', 'version', 'settings', 'rules', 'choices'], '');
  const { settings = {}, rules, choices } = value;
  if (!isObject(settings)) throw wrong('settings', 'an object');
  return {
    settings,
    rules: rules === undefined || rules === null ? null : readRules(rules),
    choices: choices === undefined || choices === null ? null : readChoices(choices),
  };
}

/** @param wanted what it does not tell stays */
export function planConfig(now: Omit<ConfigFile, 'settings'>, wanted: ConfigFile): readonly ConfigChange[] {
  const changes: ConfigChange[] = [];
  const { rules, choices } = wanted;
  if (rules !== null) {
    const before = inWords(now.rules ?? defaultSelectionRules);
    for (const [name, to] of inWords(rules)) {
      const from = before.get(name) ?? '';
      if (from !== to) changes.push({ part: 'rules', name, from, to });
    }
  }
  if (choices !== null) {
    const before = now.choices ?? { include: [], exclude: [] };
    for (const name of ['include', 'exclude'] as const) {
      const old = new Set(before[name]);
      const next = new Set(choices[name]);
      if (old.size === next.size && [...next].every((id) => old.has(id))) continue;
      changes.push({ part: 'choices', name, from: countOf(old.size), to: countOf(next.size) });
    }
  }
  return changes;
}

function readRules(value: unknown): SelectionRules {
  if (!isObject(value)) throw wrong('rules', 'an object');
  const names = ['scope', 'newSince', 'askAboveKb', ...onlyNeverNames, ...mirrorOrSkipNames];
  refuseOthers(value, names, 'rules.');
  const { scope, newSince, askAboveKb } = value;
  if (scope !== 'all' && scope !== 'new-only') throw wrong('rules.scope', '"all" or "new-only"');
  if (!isCount(newSince) || newSince > latestTime) throw wrong('rules.newSince', 'milliseconds since 1970');
  if (askAboveKb !== null && !isCount(askAboveKb)) throw wrong('rules.askAboveKb', 'a whole number or null');
  const onlyNever = (name: string): OnlyNever => {
    const pair = value[name];
    if (!isObject(pair)) throw wrong(`rules.${name}`, 'an object with only and never');
    refuseOthers(pair, ['only', 'never'], `rules.${name}.`);
    return {
      only: readTexts(pair['only'], `rules.${name}.only`),
      never: readTexts(pair['never'], `rules.${name}.never`),
    };
  };
  const mirrorOrSkip = (name: string): 'mirror' | 'skip' => {
    const word = value[name];
    if (word !== 'mirror' && word !== 'skip') throw wrong(`rules.${name}`, '"mirror" or "skip"');
    return word;
  };
  return {
    scope,
    newSince,
    owners: onlyNever('owners'),
    languages: onlyNever('languages'),
    topics: onlyNever('topics'),
    lists: onlyNever('lists'),
    forks: mirrorOrSkip('forks'),
    archived: mirrorOrSkip('archived'),
    privateOnes: mirrorOrSkip('privateOnes'),
    namePatterns: onlyNever('namePatterns'),
    askAboveKb,
  };
}

function readChoices(value: unknown): ChosenIds {
  if (!isObject(value)) throw wrong('choices', 'an object with include and exclude');
  refuseOthers(value, ['include', 'exclude'], 'choices.');
  const include = readIds(value['include'], 'choices.include');
  const exclude = readIds(value['exclude'], 'choices.exclude');
  const excluded = new Set(exclude);
  const both = include.find((id) => excluded.has(id));
  if (both !== undefined) throw wrong('choices', `each id once: ${both} is included and excluded`);
  return { include, exclude };
}

function readIds(value: unknown, field: string): readonly GithubId[] {
  const isIds = Array.isArray(value) && value.length <= mostIds && value.every((id) => isCount(id) && id > 0);
  if (!isIds) throw wrong(field, 'a list of GitHub ids');
  return [...new Set<GithubId>(value)];
}

function readTexts(value: unknown, field: string): readonly string[] {
  const isTexts = Array.isArray(value) && value.length <= mostTexts && value.every((one) => typeof one === 'string');
  if (!isTexts) throw wrong(field, 'a list of texts');
  return value;
}

function refuseOthers(value: object, known: readonly string[], prefix: string): void {
  const other = Object.keys(value).find((name) => !known.includes(name));
  if (other === undefined) return;
  const names = known.join(', ');
  throw new EpicstarError(
    'config-invalid',
    `${JSON.stringify(prefix + other)} means nothing here; known are ${names}.`,
  );
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

/** Each rule by its name; a time that no rule reads is left out. */
function inWords(rules: SelectionRules): ReadonlyMap<string, string> {
  const { scope, newSince, askAboveKb } = rules;
  return new Map([
    ['scope', scope === 'all' ? 'all' : `new-only, since ${new Date(newSince).toISOString().slice(0, 10)}`],
    ...onlyNeverNames.map((name) => [name, onlyNeverInWords(rules[name])] as const),
    ...mirrorOrSkipNames.map((name) => [name, rules[name]] as const),
    ['askAboveKb', askAboveKb === null ? 'none' : String(askAboveKb)],
  ]);
}

function onlyNeverInWords({ only, never }: OnlyNever): string {
  const words = [
    ...(only.length > 0 ? [`only ${only.join(', ')}`] : []),
    ...(never.length > 0 ? [`never ${never.join(', ')}`] : []),
  ];
  return words.length === 0 ? 'all' : words.join('; ');
}

function countOf(count: number): string {
  return count === 1 ? '1 repository' : `${count} repositories`;
}

function wrong(field: string, allowed: string): EpicstarError {
  return new EpicstarError('config-invalid', `${field} in the imported file is wrong; allowed: ${allowed}.`);
}
