/** @file What tray and settings need of updates of this program. Knows no updater. */
import type { DesktopUpdatesView, UpdateChannel } from '../../src-preload/contract/desktop-updates.ts';
import type { TrayUpdate } from './tray-view.ts';

export interface Updates {
  view(): DesktopUpdatesView;
  /** What the tray tells of; null: nothing. */
  trayUpdate(): TrayUpdate | null;
  /** Calls on each change, at most a few times a second, until the returned function is called. */
  subscribe(listener: () => void): () => void;
  /** In effect at once, with a look, and kept. What was downloaded is not installed any more. */
  setChannel(channel: UpdateChannel): void;
  /** Ends when it is known whether there is a newer version; what went wrong is told by the view. */
  look(): Promise<void>;
  /** Begins to download what was found. @throws EpicstarError where nothing was */
  download(): void;
  /** The person has been shown what is new in this version. */
  readNotes(): void;
  /** Ends the program and starts what was downloaded in its place. @throws EpicstarError where nothing was */
  install(): void;
}
