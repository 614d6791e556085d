/**
 * @file Which settings there are: their names, what each may be, and what it is where nobody says anything. A setting is
 * listed here only if it has an effect.
 */
import { z } from 'zod';
import * as values from './setting-values.ts';

const { optional, required } = values;

const rules = {
  githubApiUrl: values.serviceUrl,
  githubClientId: values.clientId,
  target: values.oneOf('onedev', 'folder'),
  onedevUrl: values.serviceUrl,
  onedevRoot: values.projectPath,
  folder: values.absolutePath,
  clash: values.oneOf('rename', 'use', 'fail'),
  pollSeconds: values.wholeNumber(30, 86_400),
  fullWalkHours: values.wholeNumber(1, 720),
  sweepDays: values.wholeNumber(1, 365),
  drillDays: values.wholeNumber(0, 365),
  historyDays: values.wholeNumber(1, 3_650),
  unstarred: values.oneOf('stop', 'follow'),
  holdLossPercent: values.wholeNumber(0, 100),
  keptDays: values.wholeNumber(0, 36_500),
  lists: values.oneOf('off', 'labels', 'parents'),
  buildSpecs: values.oneOf('hold', 'mirror'),
  wikis: values.oneOf('off', 'mirror'),
  quietHours: values.quietHours,
  concurrency: values.wholeNumber(1, 16),
  pushConcurrency: values.wholeNumber(1, 16),
  smallPushMb: values.wholeNumber(1, 1_000),
  sliceMb: values.wholeNumber(0, 10_000),
  sliceSeconds: values.wholeNumber(1, 3_600),
  deepenMb: values.wholeNumber(0, 100_000),
  stallMinutes: values.wholeNumber(1, 240),
  cacheLimit: values.byteSize(1e6),
  databaseUrl: values.databaseUrl,
  caFile: values.absolutePath,
  allowInsecure: values.hostList,
  webHosts: values.hostList,
  logLevel: values.oneOf('debug', 'info', 'warn', 'error'),
  logFormat: values.oneOf('text', 'json'),
};

/** Texts, read like any other; empty: not set. */
export const fallbacks: Readonly<Record<keyof typeof rules, string>> = {
  githubApiUrl: 'https://api.github.com',
  githubClientId: '',
  target: 'onedev',
  onedevUrl: '',
  onedevRoot: 'github',
  folder: '',
  clash: 'rename',
  pollSeconds: '60',
  fullWalkHours: '24',
  sweepDays: '7',
  drillDays: '7',
  historyDays: '365',
  unstarred: 'stop',
  holdLossPercent: '50',
  keptDays: '0',
  lists: 'off',
  buildSpecs: 'hold',
  wikis: 'off',
  quietHours: '',
  concurrency: '4',
  pushConcurrency: '4',
  smallPushMb: '5',
  sliceMb: '50',
  sliceSeconds: '10',
  deepenMb: '500',
  stallMinutes: '10',
  cacheLimit: '20GB',
  databaseUrl: '',
  caFile: '',
  allowInsecure: '',
  webHosts: '',
  logLevel: 'info',
  logFormat: 'text',
};

/** By the name in the file. */
export const settingsSchema = z.object({
  githubApiUrl: required(rules.githubApiUrl).prefault(fallbacks.githubApiUrl),
  githubClientId: optional(rules.githubClientId).prefault(fallbacks.githubClientId),
  target: required(rules.target).prefault(fallbacks.target),
  onedevUrl: optional(rules.onedevUrl).prefault(fallbacks.onedevUrl),
  onedevRoot: required(rules.onedevRoot).prefault(fallbacks.onedevRoot),
  folder: optional(rules.folder).prefault(fallbacks.folder),
  clash: required(rules.clash).prefault(fallbacks.clash),
  pollSeconds: required(rules.pollSeconds).prefault(fallbacks.pollSeconds),
  fullWalkHours: required(rules.fullWalkHours).prefault(fallbacks.fullWalkHours),
  sweepDays: required(rules.sweepDays).prefault(fallbacks.sweepDays),
  drillDays: required(rules.drillDays).prefault(fallbacks.drillDays),
  historyDays: required(rules.historyDays).prefault(fallbacks.historyDays),
  unstarred: required(rules.unstarred).prefault(fallbacks.unstarred),
  holdLossPercent: required(rules.holdLossPercent).prefault(fallbacks.holdLossPercent),
  keptDays: required(rules.keptDays).prefault(fallbacks.keptDays),
  lists: required(rules.lists).prefault(fallbacks.lists),
  buildSpecs: required(rules.buildSpecs).prefault(fallbacks.buildSpecs),
  wikis: required(rules.wikis).prefault(fallbacks.wikis),
  quietHours: optional(rules.quietHours).prefault(fallbacks.quietHours),
  concurrency: required(rules.concurrency).prefault(fallbacks.concurrency),
  pushConcurrency: required(rules.pushConcurrency).prefault(fallbacks.pushConcurrency),
  smallPushMb: required(rules.smallPushMb).prefault(fallbacks.smallPushMb),
  sliceMb: required(rules.sliceMb).prefault(fallbacks.sliceMb),
  sliceSeconds: required(rules.sliceSeconds).prefault(fallbacks.sliceSeconds),
  deepenMb: required(rules.deepenMb).prefault(fallbacks.deepenMb),
  stallMinutes: required(rules.stallMinutes).prefault(fallbacks.stallMinutes),
  cacheLimit: required(rules.cacheLimit).prefault(fallbacks.cacheLimit),
  databaseUrl: optional(rules.databaseUrl).prefault(fallbacks.databaseUrl),
  caFile: optional(rules.caFile).prefault(fallbacks.caFile),
  allowInsecure: required(rules.allowInsecure).prefault(fallbacks.allowInsecure),
  webHosts: required(rules.webHosts).prefault(fallbacks.webHosts),
  logLevel: required(rules.logLevel).prefault(fallbacks.logLevel),
  logFormat: required(rules.logFormat).prefault(fallbacks.logFormat),
});

export const nameSchema = settingsSchema.keyof();
export type SettingName = z.output<typeof nameSchema>;
export const settingNames: readonly SettingName[] = nameSchema.options;

/** In words, for a person who is about to write one. */
export function allowedWords(name: SettingName): string {
  return rules[name].allowed;
}
