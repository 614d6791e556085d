/** @file The file that takes a configuration to another machine: written, read strictly, and compared. */
import { describe, expect, it } from 'vitest';
import { planConfig, readConfigFile, writeConfigFile } from '../../../src-main/engine/core/config-file.ts';
import { EpicstarError } from '../../../src-main/engine/domain/errors.ts';
import { defaultSelectionRules } from '../../../src-main/engine/domain/selection.ts';

const rules = {
  ...defaultSelectionRules,
  owners: { only: ['ada'], never: ['eve', 'mallory'] },
  forks: 'skip',
  askAboveKb: 5_000,
} as const;
const whole = { settings: { pollSeconds: 90 }, rules, choices: { include: [3, 1], exclude: [7] } };

function messageOf(text: string): string {
  try {
    readConfigFile(text);
    return 'read';
  } catch (error) {
    if (!(error instanceof EpicstarError)) throw error;
    expect(error.code).toBe('config-invalid');
    return error.message;
  }
}

const changed = (change: Readonly<Record<string, unknown>>): string =>
  JSON.stringify({ ...JSON.parse(writeConfigFile(whole)), ...change });

describe('the configuration file', () => {
  it('is read as it was written', () => {
    const text = writeConfigFile(whole);
    expect(readConfigFile(text)).toEqual(whole);
    expect(text).toContain('"include": [3,1]');
    expect(JSON.parse(text)).toMatchObject({ format: 'epicstar-config', version: 1 });
  });

  it('does not tell what nobody chose', () => {
    const text = writeConfigFile({ settings: {}, rules: null, choices: null });
    expect(Object.keys(JSON.parse(text))).toEqual(['format', 'version', 'settings']);
    expect(readConfigFile(text)).toEqual({ settings: {}, rules: null, choices: null });
  });

  it('may be a settings file as such', () => {
    expect(readConfigFile('{"pollSeconds": 120}')).toEqual({
      settings: { pollSeconds: 120 },
      rules: null,
      choices: null,
    });
  });

  it.each([
    ['pollSeconds: 60', 'not JSON'],
    ['[1]', 'one JSON object'],
    [changed({ format: 'other' }), 'format in the imported file'],
    [changed({ version: 2 }), 'newer epicstar (version 2)'],
    [changed({ version: '1' }), 'version in the imported file'],
    [changed({ token: 'x' }), '"token" means nothing here'],
    [changed({ settings: [] }), 'settings in'],
    [changed({ rules: { ...rules, scope: 'some' } }), 'rules.scope in'],
    [changed({ rules: { ...rules, forks: true } }), 'rules.forks in'],
    [changed({ rules: { ...rules, owners: { only: [1], never: [] } } }), 'rules.owners.only in'],
    [changed({ rules: { ...rules, owners: { only: [] } } }), 'rules.owners.never in'],
    [changed({ rules: { ...rules, colour: 'red' } }), '"rules.colour" means nothing'],
    [changed({ rules: { scope: 'all' } }), 'rules.newSince in'],
    [changed({ choices: { include: [0], exclude: [] } }), 'choices.include in'],
    [changed({ choices: { include: ['1'], exclude: [] } }), 'choices.include in'],
    [changed({ choices: { include: [1], exclude: [1] } }), '1 is included and excluded'],
  ])('%s is refused by the name of what is wrong', (text, words) => {
    expect(messageOf(text)).toContain(words);
  });

  it('says what an import would change', () => {
    const now = { rules: defaultSelectionRules, choices: { include: [1, 3], exclude: [] } };
    expect(planConfig(now, whole)).toEqual([
      { part: 'rules', name: 'owners', from: 'all', to: 'only ada; never eve, mallory' },
      { part: 'rules', name: 'forks', from: 'mirror', to: 'skip' },
      { part: 'rules', name: 'askAboveKb', from: 'none', to: '5000' },
      { part: 'choices', name: 'exclude', from: '0 repositories', to: '1 repository' },
    ]);
    expect(planConfig({ rules, choices: whole.choices }, whole)).toEqual([]);
    expect(planConfig(now, { settings: {}, rules: null, choices: null })).toEqual([]);
  });
});
