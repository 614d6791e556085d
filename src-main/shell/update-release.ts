/** @file A version as the server's list tells of it, read without trust. Pure. */
import { plainNotes } from './release-notes.ts';
import type { Release } from './update-state.ts';

const versionRule = /^\d{1,6}\.\d{1,6}\.\d{1,6}(-[0-9A-Za-z.-]{1,40})?(\+[0-9A-Za-z.-]{1,40})?$/;
/** What the updater of each system downloads. */
const extensions: Readonly<Partial<Record<NodeJS.Platform, string>>> = {
  linux: '.appimage',
  win32: '.exe',
  darwin: '.zip',
};

/** @throws TypeError for what is no version at all */
export function readRelease(info: unknown, platform: NodeJS.Platform): Release {
  const version = field(info, 'version');
  if (typeof version !== 'string' || !versionRule.test(version)) throw new TypeError('not a version');
  return { version, notes: plainNotes(field(info, 'releaseNotes')), sizeBytes: sizeOf(info, platform) };
}

function sizeOf(info: unknown, platform: NodeJS.Platform): number | null {
  const files = field(info, 'files');
  if (!Array.isArray(files)) return null;
  const file: unknown = files.find((one: unknown) => {
    const url = field(one, 'url');
    return typeof url === 'string' && url.toLowerCase().endsWith(extensions[platform] ?? '');
  });
  const size = field(file, 'size');
  return typeof size === 'number' && Number.isSafeInteger(size) && size >= 0 ? size : null;
}

function field(of: unknown, name: string): unknown {
  return typeof of === 'object' && of !== null ? Reflect.get(of, name) : undefined;
}
