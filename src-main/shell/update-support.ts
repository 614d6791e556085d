/**
 * @file Whether this program can put a newer version in its own place. What the system's package manager installed is
 * that manager's to update.
 */
import { constants } from 'node:fs';
import { access, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { appImagePath } from './autostart.ts';

export type NoUpdateReason =
  | 'not-packed'
  /** deb, rpm: the system's package manager does it. */
  | 'system-package'
  | 'snap'
  | 'flatpak'
  /** An unpacked folder on Linux. */
  | 'not-appimage'
  /** Whoever packed it named no place for updates. */
  | 'no-address'
  | 'place-not-writable'
  /** macOS runs it from the disk image, or from a place of its own because it was never moved. */
  | 'not-moved';

export interface SupportFacts {
  readonly isPackaged: boolean;
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly execPath: string;
  /** What the packager wrote into `package-type`: `deb`, `rpm`; null: nothing. */
  readonly packageType: string | null;
  /** `app-update.yml` is there. */
  readonly hasAddress: boolean;
  /** The folder of the AppImage can be written; true elsewhere. */
  readonly isPlaceWritable: boolean;
}

/** @returns null: it can */
export function whyNoUpdates(facts: SupportFacts): NoUpdateReason | null {
  const { isPackaged, platform, env, execPath, packageType, hasAddress, isPlaceWritable } = facts;
  if (!isPackaged) return 'not-packed';
  if (platform === 'linux') {
    if (packageType !== null) return 'system-package';
    // One that is not ours would be overwritten.
    if (appImagePath(env, execPath) === null) {
      if (isSet(env['SNAP'])) return 'snap';
      return isSet(env['FLATPAK_ID']) ? 'flatpak' : 'not-appimage';
    }
  }
  if (platform === 'darwin' && /^\/Volumes\/|\/AppTranslocation\//.test(execPath)) return 'not-moved';
  if (!hasAddress) return 'no-address';
  return isPlaceWritable ? null : 'place-not-writable';
}

export interface SupportPlaces extends Pick<SupportFacts, 'isPackaged' | 'platform' | 'env' | 'execPath'> {
  /** Electron's `process.resourcesPath`. */
  readonly resourcesPath: string;
}

/** @returns null: it can */
export async function readWhyNoUpdates(places: SupportPlaces): Promise<NoUpdateReason | null> {
  const { resourcesPath, env, execPath, platform } = places;
  const appImage = platform === 'linux' ? appImagePath(env, execPath) : null;
  return whyNoUpdates({
    ...places,
    packageType: await readPackageType(join(resourcesPath, 'package-type')),
    hasAddress: await can(join(resourcesPath, 'app-update.yml'), constants.R_OK),
    isPlaceWritable: appImage === null || (await can(dirname(appImage), constants.W_OK)),
  });
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== '';
}

async function readPackageType(path: string): Promise<string | null> {
  try {
    const type = (await readFile(path, 'utf8')).trim();
    return type === '' ? null : type;
  } catch {
    // Only packages of package managers have it.
    return null;
  }
}

async function can(path: string, mode: number): Promise<boolean> {
  try {
    await access(path, mode);
    return true;
  } catch {
    return false;
  }
}
