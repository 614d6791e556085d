/**
 * @file The settings: flags, then EPICSTAR_* in the environment, then settings.json in the data directory, then
 * defaults. No secret is a setting.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { EpicstarError } from '../../domain/errors.ts';
import { replaceFile } from './atomic-file.ts';
import { type Environment, secretVariables } from './env-secrets.ts';
import { nearestWord } from './nearest-word.ts';
import { fallbacks, nameSchema, type SettingName, settingNames, settingsSchema } from './settings-schema.ts';

export { type SettingName, settingNames } from './settings-schema.ts';

const originSchema = z.enum(['flag', 'environment', 'file', 'default']);
export type SettingOrigin = z.output<typeof originSchema>;

type Parsed = z.output<typeof settingsSchema>;

/** Paths are absolute; null: not set. */
export interface Settings extends Readonly<Omit<Parsed, 'cacheLimit' | 'databaseUrl' | 'allowInsecure'>> {
  readonly dataDir: string;
  readonly cacheLimitBytes: number;
  /** Null: in the data directory. */
  readonly databaseFile: string | null;
  readonly allowInsecureHosts: readonly string[];
}

export interface LoadedSettings {
  readonly settings: Settings;
  readonly origins: Readonly<Record<SettingName, SettingOrigin>>;
  /** As a person wrote them, defaults included. */
  readonly texts: Readonly<Record<SettingName, string>>;
  /** Variables named EPICSTAR_… that mean nothing, each with the nearest one that does: worth a warning. */
  readonly unknownVariables: readonly { readonly variable: string; readonly nearest: string | null }[];
}

/** Settings as a person writes them. */
export type SettingTexts = Readonly<Partial<Record<SettingName, string>>>;

/** A change of the settings file; null takes a setting out of it. */
export type SettingChange = Readonly<Partial<Record<SettingName, string | number | readonly string[] | null>>>;

function invalid(detail: string, cause?: unknown): EpicstarError {
  return new EpicstarError('config-invalid', detail, { cause });
}

/** `EPICSTAR_POLL_SECONDS` for `pollSeconds`. */
export function settingVariable(name: SettingName): string {
  return `EPICSTAR_${name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
}

export function settingsPath(dataDir: string): string {
  return join(dataDir, 'settings.json');
}

interface Layer {
  readonly origin: SettingOrigin;
  /** Where a person finds the value. */
  readonly place: (name: SettingName) => string;
  readonly texts: SettingTexts;
}

interface Resolved {
  readonly parsed: Parsed;
  readonly origins: LoadedSettings['origins'];
  readonly texts: LoadedSettings['texts'];
}

/** Strongest layer first; what none of them has is the default. */
function resolveSettings(layers: readonly Layer[]): Resolved {
  const found = settingNames.map((name) => ({ name, layer: layers.find(({ texts }) => texts[name] !== undefined) }));
  const texts = found.flatMap(({ name, layer }): [string, string][] => {
    const text = layer?.texts[name];
    return text === undefined ? [] : [[name, text]];
  });
  const parsed = settingsSchema.safeParse(Object.fromEntries(texts));
  if (parsed.success) {
    const origins = found.map(({ name, layer }) => [name, layer?.origin ?? 'default']);
    return {
      parsed: parsed.data,
      origins: z.record(nameSchema, originSchema).parse(Object.fromEntries(origins)),
      texts: { ...fallbacks, ...Object.fromEntries(texts) },
    };
  }
  const [issue] = parsed.error.issues;
  const wrong = found.find(({ name }) => name === issue?.path[0]);
  const name = nameSchema.parse(wrong?.name);
  // Whoever puts a token into an address shall not find it in a log.
  const value = JSON.stringify(wrong?.layer?.texts[name]?.replace(/\/\/.*@/s, '//[redacted]@'));
  throw invalid(`${name} is ${value} (from ${wrong?.layer?.place(name)}); allowed: ${issue?.message}.`);
}

function fileLayer(texts: SettingTexts, place: string): Layer {
  return { origin: 'file', place: () => place, texts };
}

function readEnvironment(env: Readonly<Environment>): SettingTexts {
  const texts = settingNames.map((name): [string, string] => [name, env[settingVariable(name)] ?? '']);
  return Object.fromEntries(texts.filter(([, text]) => text !== ''));
}

/** Variables that are no settings of this list. */
function otherVariables(): readonly string[] {
  return [
    'EPICSTAR_DATA_DIR',
    'EPICSTAR_ATTACH_URL',
    ...Object.values(secretVariables).flatMap((name) => [name, `${name}_FILE`]),
  ];
}

function findUnknownVariables(env: Readonly<Environment>): LoadedSettings['unknownVariables'] {
  const known = [...settingNames.map(settingVariable), ...otherVariables()];
  const unknown = Object.keys(env).filter((variable) => variable.startsWith('EPICSTAR_') && !known.includes(variable));
  return unknown.map((variable) => ({ variable, nearest: nearestWord(variable, known) }));
}

const fileValueSchema = z.union([
  z.string(),
  z.number().transform(String),
  z.array(z.string()).transform((list) => list.join(',')),
]);

/**
 * Reads the text of a settings file and checks all of it.
 *
 * @param place names it in errors
 */
function parseSettingsText(text: string, place: string): SettingTexts {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw invalid(`${place} is not JSON.`, cause);
  }
  const members = z.record(z.string(), z.unknown()).safeParse(json);
  if (!members.success) throw invalid(`${place} does not hold one JSON object.`);
  const texts = Object.entries(members.data).map(([key, value]): [string, string] => {
    const name = nameSchema.safeParse(key);
    if (!name.success) {
      const nearest = nearestWord(key, settingNames);
      throw invalid(`${place} holds ${JSON.stringify(key)}, which is no setting; the nearest one is ${nearest}.`);
    }
    const parsed = fileValueSchema.safeParse(value);
    if (parsed.success) return [name.data, parsed.data];
    throw invalid(`${key} in ${place} is ${JSON.stringify(value)}; allowed: a text, a number or a list of texts.`);
  });
  const result: SettingTexts = Object.fromEntries(texts);
  resolveSettings([fileLayer(result, place)]);
  return result;
}

async function readSettingsText(dataDir: string): Promise<string> {
  const path = settingsPath(dataDir);
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '{}';
    throw invalid(`${path} cannot be read.`, error);
  }
}

export interface LoadOptions {
  /** As typed by the person. */
  readonly flags: SettingTexts;
  /** An empty variable counts as not set. */
  readonly env: Readonly<Environment>;
  readonly dataDir: string;
}

/** @throws EpicstarError `config-invalid` naming setting, value, what is allowed, and where the value came from */
export async function loadSettings({ flags, env, dataDir }: LoadOptions): Promise<LoadedSettings> {
  const path = settingsPath(dataDir);
  const { parsed, origins, texts } = resolveSettings([
    { origin: 'flag', place: () => 'a flag', texts: flags },
    { origin: 'environment', place: settingVariable, texts: readEnvironment(env) },
    fileLayer(parseSettingsText(await readSettingsText(dataDir), path), path),
  ]);
  const { cacheLimit: cacheLimitBytes, databaseUrl: databaseFile, allowInsecure: allowInsecureHosts, ...same } = parsed;
  const settings = { ...same, dataDir, cacheLimitBytes, databaseFile, allowInsecureHosts };
  return { settings, origins, texts, unknownVariables: findUnknownVariables(env) };
}

/** The settings of the file, without flags, environment and defaults: JSON, and no secret is in it. */
export async function exportSettings(dataDir: string): Promise<string> {
  const text = await readSettingsText(dataDir);
  parseSettingsText(text, settingsPath(dataDir));
  return `${JSON.stringify(JSON.parse(text), null, 2)}\n`;
}

/** What replacing the settings of the file by this text would change, in words; changes nothing. */
export async function planSettings(
  dataDir: string,
  text: string,
): Promise<readonly { readonly name: SettingName; readonly from: string; readonly to: string }[]> {
  const before = parseSettingsText(await readSettingsText(dataDir), settingsPath(dataDir));
  const after = parseSettingsText(text, 'the imported file');
  return settingNames.flatMap((name) => {
    const from = before[name] ?? fallbacks[name];
    const to = after[name] ?? fallbacks[name];
    return from === to ? [] : [{ name, from, to }];
  });
}

/** Checks all of the text, then replaces the settings of the file by it. */
export async function importSettings(dataDir: string, text: string): Promise<void> {
  parseSettingsText(text, 'the imported file');
  await replaceFile(settingsPath(dataDir), `${JSON.stringify(JSON.parse(text), null, 2)}\n`);
}

/** Changes the settings of the file, after a check of all of them together. */
export async function saveSettings(dataDir: string, change: SettingChange): Promise<void> {
  const path = settingsPath(dataDir);
  const text = await readSettingsText(dataDir);
  parseSettingsText(text, path);
  const members = z.record(z.string(), z.unknown()).parse(JSON.parse(text));
  const merged = Object.entries({ ...members, ...change }).filter(([, value]) => value !== null && value !== undefined);
  const changed = `${JSON.stringify(Object.fromEntries(merged), null, 2)}\n`;
  parseSettingsText(changed, 'the change');
  await replaceFile(path, changed);
}
