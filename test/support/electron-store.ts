/** @file The real electron-store, outside Electron. */
import { tmpdir } from 'node:os';
import type { StoreClass } from '../../src-main/shell/preferences.ts';

/** electron-store loads Electron's package, which outside Electron only tells where Electron lies. */
export async function loadStore(): Promise<StoreClass> {
  const before = process.env['ELECTRON_OVERRIDE_DIST_PATH'];
  process.env['ELECTRON_OVERRIDE_DIST_PATH'] = before ?? tmpdir();
  try {
    const { default: Store } = await import('electron-store');
    return Store;
  } finally {
    if (before === undefined) delete process.env['ELECTRON_OVERRIDE_DIST_PATH'];
  }
}
