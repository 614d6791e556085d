/**
 * @file The calls that the desktop program answers itself, for its own windows, whatever engine is behind them. A server
 * does not know them. Part of the one table in schema.ts.
 */
import { z } from 'zod';
import { call, minuteMs, nothing } from './call.ts';
import { updateChannels } from './desktop-updates.ts';
import { attachAddress, desktopView, loginView, notificationKinds, opensAsNames } from './desktop-views.ts';
import { argument, list, text } from './primitives.ts';

export const desktopCalls = {
  'desktop.get': call(nothing, desktopView),
  /** What is left out stays as it is. In effect at once. */
  'desktop.set': call(
    argument({
      startsHidden: z.boolean().optional(),
      opensAs: z.enum(opensAsNames).optional(),
      worksOnBattery: z.boolean().optional(),
      isMetered: z.boolean().optional(),
      notifications: list(
        argument({ kind: z.enum(notificationKinds), isOn: z.boolean() }),
        notificationKinds.length,
      ).optional(),
      updateChannel: z.enum(updateChannels).optional(),
    }),
    nothing,
  ),
  /** Answers what came of it, which the system may have a say in. */
  'desktop.setLogin': call(argument({ isOn: z.boolean() }), loginView),
  /**
   * Another engine from the next start on. A token goes to the secrets; null keeps the one that is there, which serves
   * only the address that it was given for.
   */
  'desktop.attach': call(argument({ address: attachAddress, token: text(1_000).nullable() }), nothing),
  /** Shows the full window at a place behind its `#`, such as `/repositories/12`; the popup goes. */
  'desktop.openPlace': call(argument({ place: text(200).regex(/^\/(?:[\w-]+(?:\/[\w-]+)*)?$/) }), nothing),
  /** The popup goes, as if the person had turned to something else. */
  'desktop.hidePopup': call(nothing, nothing),
  /** Ends the program and starts it again. */
  'desktop.restart': call(nothing, nothing),
  /** Where there is no keyring: secrets may be kept in files that only this user can read. */
  'desktop.allowPlain': call(nothing, nothing),
  /** Asks now whether there is a newer version; answers when that is known. What came of it is told by the topic. */
  'desktop.lookForUpdate': call(nothing, nothing, 2 * minuteMs),
  /** Begins to download the version that was found; how it goes on is told by the topic. */
  'desktop.downloadUpdate': call(nothing, nothing),
  /** Ends the program, puts the downloaded version in its place and starts that. */
  'desktop.installUpdate': call(nothing, nothing),
  /** The person has been shown what is new in this version. */
  'desktop.readNotes': call(nothing, nothing),
};
