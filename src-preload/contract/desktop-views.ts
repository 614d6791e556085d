/** @file What a window of the desktop program is shown of that program itself, whatever engine is behind it. */
import { z } from 'zod';
import { desktopUpdatesView } from './desktop-updates.ts';
import { list, text, view } from './primitives.ts';

/** What the desktop may tell of by a notification. */
export const notificationKinds = [
  'needs-you',
  'disk',
  'asks',
  'rewrite-caught',
  'upstream-gone',
  'first-success',
  'new-stars',
  'failed-again',
] as const;
export type NotificationKind = (typeof notificationKinds)[number];

export const opensAsNames = ['popup', 'window'] as const;

/** Address of an engine elsewhere; null: the engine of this computer. */
export const attachAddress = text(2_000).nullable();

export const loginView = z.discriminatedUnion('state', [
  view({ state: z.literal('on') }),
  view({ state: z.literal('off') }),
  /** It is set, and the settings of the system say no. */
  view({ state: z.literal('off-by-system') }),
  view({ state: z.literal('unavailable') /** One sentence. */, why: text(2_000) }),
]);
export type LoginView = z.output<typeof loginView>;

export const secretsView = z.discriminatedUnion('kind', [
  /** @example 'your keyring (KWallet)' */
  view({ kind: z.literal('keyring'), words: text(200) }),
  /** There is no keyring, and nobody has said yes to plain files: nothing can be stored. */
  view({ kind: z.literal('plain-refused'), reason: text(2_000) }),
  view({ kind: z.literal('plain-allowed'), reason: text(2_000) }),
]);
export type SecretsView = z.output<typeof secretsView>;

export const engineView = view({
  /** What this program works with since it started. */
  address: attachAddress,
  /** What it works with after the next start. */
  nextAddress: attachAddress,
  /** What was changed here acts with a restart. */
  needsRestart: z.boolean(),
  /** What decides the address instead of the settings, in words: `environment variable EPICSTAR_ATTACH_URL`. */
  fixedBy: text(200).nullable(),
  /** Where the token for an engine elsewhere comes from, in words; null: there is none. */
  tokenFrom: text(2_000).nullable(),
  /** The token comes from outside and is not changed here. */
  isTokenFixed: z.boolean(),
  /** Why the engine could not be reached at all at start. */
  failure: text(4_000).nullable(),
});
export type EngineView = z.output<typeof engineView>;

export const desktopView = view({
  /** As Node names it: `linux`, `darwin`, `win32`. */
  platform: text(40),
  version: text(100),
  engine: engineView,
  login: loginView,
  /** No window opens at start, whoever starts the program. */
  startsHidden: z.boolean(),
  /** What a click on the tray icon opens. */
  opensAs: z.enum(opensAsNames),
  /** False: this desktop does not let windows be placed, so a click opens the window whatever is chosen. */
  canPlacePopup: z.boolean(),
  worksOnBattery: z.boolean(),
  /** The person's word about the present network; forgotten with the end of the program. */
  isMetered: z.boolean(),
  notifications: list(view({ kind: z.enum(notificationKinds), isOn: z.boolean() }), notificationKinds.length),
  secrets: secretsView,
  updates: desktopUpdatesView,
});
export type DesktopView = z.output<typeof desktopView>;
