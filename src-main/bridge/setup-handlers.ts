/** @file Handlers of the calls by which a program is set up. */
import type { EngineCallName } from '../../src-preload/contract/schema.ts';
import type { Handlers } from '../../src-preload/contract/server.ts';
import { EpicstarError } from '../engine/core/engine-api.ts';
import type { Setup } from '../engine/core/setup-api.ts';
import type { CallContext } from './handlers.ts';
import type { Links } from './links.ts';
import { plainLine } from './plain-text.ts';
import { shapeAccount, shapeChecks, shapePreview, shapeSetup } from './shape-setup.ts';

type SetupCall = Extract<EngineCallName, `setup.${string}` | `selection.${string}` | `settings.${string}`>;

/** Characters; the contract carries a little more. */
const mostExported = 90_000;

export function makeSetupHandlers(setup: Setup, links: Links): Pick<Handlers<CallContext, EngineCallName>, SetupCall> {
  return {
    'setup.get': async () => shapeSetup(await setup.state(), links),
    'setup.beginDeviceFlow': async (options) => {
      await setup.beginDeviceFlow(options);
      return {};
    },
    'setup.cancelDeviceFlow': async () => {
      await setup.cancelDeviceFlow();
      return {};
    },
    'setup.useGithubToken': async (options) => shapeAccount(await setup.useGithubToken(options)),
    'setup.signOutGithub': async () => {
      await setup.signOutGithub();
      return {};
    },
    'setup.testTarget': async ({ candidate }, { signal }) => ({
      items: shapeChecks(await setup.testTarget(candidate, signal)),
    }),
    'setup.cancelTest': async () => {
      setup.cancelTest();
      return {};
    },
    'setup.saveTarget': async ({ candidate }, { signal }) => {
      const { saved, items } = await setup.saveTarget(candidate, signal);
      return { saved, items: shapeChecks(items) };
    },
    'setup.bootstrapTarget': async (options, { signal }) => {
      const { saved, made, items } = await setup.bootstrapTarget(options, signal);
      return { saved, made: made.slice(0, 50).map((what) => plainLine(what, 500)), items: shapeChecks(items) };
    },
    'selection.get': () => setup.selectionRules(),
    'selection.preview': async ({ rules }) => shapePreview(await setup.previewSelection(rules)),
    'selection.save': async ({ rules }) => shapePreview(await setup.saveSelection(rules)),
    'settings.list': async () =>
      (await setup.settings()).slice(0, 100).map((setting) => ({
        ...setting,
        text: plainLine(setting.text, 10_000),
        fallback: plainLine(setting.fallback, 10_000),
        allowed: plainLine(setting.allowed, 500),
      })),
    'settings.change': async ({ change }) => {
      await setup.changeSettings(change);
      return {};
    },
    'settings.export': async () => {
      const text = await setup.exportSettings();
      if (text.length <= mostExported) return { text };
      throw new EpicstarError('config-invalid', 'This is too long for the window: epicstar config export FILE');
    },
    'settings.previewImport': async ({ text }) => ({
      changes: (await setup.previewImport(text)).slice(0, 50).map(({ part, name, from, to }) => ({
        part,
        name,
        from: plainLine(from, 1_000),
        to: plainLine(to, 1_000),
      })),
    }),
    'settings.import': async ({ text }) => {
      await setup.importSettings(text);
      return {};
    },
  };
}
