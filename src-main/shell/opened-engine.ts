/** @file An engine as the desktop has it, of this process or elsewhere. */
import type { OverviewView } from '../../src-preload/contract/views.ts';
import type { QuietReason } from '../engine/core/engine-api.ts';
import type { OpenBundle } from './bundle-answer.ts';
import type { Link } from './link.ts';
import type { SafeSecrets } from './safe-secrets.ts';

export interface OpenedEngine {
  readonly link: Link;
  /** Of this computer, wherever the engine is. */
  readonly secrets: SafeSecrets;
  /** Why the engine could not be reached at all, for the person: its link stays closed until the next start. */
  readonly failure: string | null;
  /** A bundle that this engine has made. */
  readonly openBundle: OpenBundle;
  /** Origins of pages that may be opened in the browser. */
  readonly hosts: (overview: OverviewView | null) => readonly string[];
  /** Why this computer should be quiet. An engine elsewhere has a power supply of its own. */
  readonly setQuiet: (reasons: readonly QuietReason[]) => void;
  /** The computer slept. */
  readonly woke: () => void;
  /** Ends work in hand and gives it back; git with it. */
  close(): Promise<void>;
}
