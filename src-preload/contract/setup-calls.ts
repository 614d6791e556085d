/** @file The calls by which a program is set up. Part of the one table in schema.ts. */
import { z } from 'zod';
import { argument, list, text, view } from './primitives.ts';
import { call, minuteMs, nothing } from './call.ts';
import {
  checkItemView,
  githubAccountView,
  selectionPreviewView,
  selectionRules,
  settingView,
  setupView,
  targetCandidate,
} from './setup-views.ts';

const address = text(2_000);
const checkItems = list(checkItemView, 50);

export const setupCalls = {
  'setup.get': call(nothing, setupView),
  /** Begins the device flow; how it goes on is told by the topic `setup`. One that runs is ended first. */
  'setup.beginDeviceFlow': call(argument({ apiUrl: address, withPrivate: z.boolean() }), nothing),
  'setup.cancelDeviceFlow': call(nothing, nothing),
  /** Checks the token at GitHub, then stores it; nothing is stored if it does not work. */
  'setup.useGithubToken': call(argument({ apiUrl: address, token: text(1_000) }), githubAccountView, minuteMs),
  'setup.signOutGithub': call(nothing, nothing),
  /** Tries everything that a mirror needs and stores nothing. Findings come one by one on the topic `setup`. */
  'setup.testTarget': call(argument({ candidate: targetCandidate }), view({ items: checkItems }), 3 * minuteMs),
  'setup.cancelTest': call(nothing, nothing),
  /** Tests once more, and stores only what has no failed item. */
  'setup.saveTarget': call(
    argument({ candidate: targetCandidate }),
    view({ saved: z.boolean(), items: checkItems }),
    3 * minuteMs,
  ),
  /** Makes parent, role and token with an administrator's help, then stores them as the target. */
  'setup.bootstrapTarget': call(
    argument({
      url: address,
      user: text(200),
      password: text(1_000),
      root: text(500),
      caFile: text(2_000).nullable(),
      allowInsecure: z.boolean(),
    }),
    view({ saved: z.boolean(), made: list(text(500), 50), items: checkItems }),
    3 * minuteMs,
  ),

  'selection.get': call(nothing, selectionRules),
  /** What these rules would mirror; changes nothing. */
  'selection.preview': call(argument({ rules: selectionRules }), selectionPreviewView, minuteMs),
  /** Stores the rules and lets them take effect at once. */
  'selection.save': call(argument({ rules: selectionRules }), selectionPreviewView, minuteMs),

  'settings.list': call(nothing, list(settingView, 100)),
  /** Texts as a person writes them; null: back to the default. In effect at once, all or none. */
  'settings.change': call(argument({ change: z.record(text(100), text(10_000).nullable()) }), nothing, minuteMs),
  /** Settings, rules of what to mirror, and choices, as one file. */
  'settings.export': call(nothing, view({ text: text(100_000) })),
  /** What an import would change apart from settings; changes nothing. */
  'settings.previewImport': call(
    argument({ text: text(100_000) }),
    view({
      changes: list(
        view({ part: z.enum(['rules', 'choices']), name: text(100), from: text(1_000), to: text(1_000) }),
        50,
      ),
    }),
  ),
  'settings.import': call(argument({ text: text(100_000) }), nothing, minuteMs),
};
