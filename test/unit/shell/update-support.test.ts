/** @file Whether a program can update itself: where it lies and how it was installed. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readWhyNoUpdates, type SupportFacts, whyNoUpdates } from '../../../src-main/shell/update-support.ts';

const appImage: SupportFacts = {
  isPackaged: true,
  platform: 'linux',
  env: { APPIMAGE: '/home/ada/epicstar.AppImage', APPDIR: '/tmp/.mount_epic1' },
  execPath: '/tmp/.mount_epic1/epicstar',
  packageType: null,
  hasAddress: true,
  isPlaceWritable: true,
};
const mac: SupportFacts = {
  ...appImage,
  platform: 'darwin',
  env: {},
  execPath: '/Applications/epicstar.app/Contents/MacOS/epicstar',
};
const windows: SupportFacts = { ...appImage, platform: 'win32', env: {}, execPath: 'C:\\epicstar\\epicstar.exe' };

describe('a program', () => {
  it.each<[string, SupportFacts]>([
    ['an AppImage', appImage],
    ['an AppImage started from a snap', { ...appImage, env: { ...appImage.env, SNAP: '/snap/code/1' } }],
    ['an application on macOS', mac],
    ['an application on Windows', windows],
  ])('updates itself as %s', (_as, facts) => {
    expect(whyNoUpdates(facts)).toBeNull();
  });

  it.each<[string | null, Partial<SupportFacts>]>([
    ['not-packed', { isPackaged: false }],
    ['system-package', { packageType: 'deb' }],
    ['system-package', { packageType: 'rpm', env: {} }],
    ['snap', { env: { SNAP: '/snap/epicstar/1' } }],
    ['flatpak', { env: { FLATPAK_ID: 'io.github.epicstar' } }],
    ['not-appimage', { env: {} }],
    ['no-address', { hasAddress: false }],
    ['place-not-writable', { isPlaceWritable: false }],
  ])('does not: %s', (why, change) => {
    expect(whyNoUpdates({ ...appImage, ...change })).toBe(why);
  });

  it('never takes the AppImage of another program for its own', () => {
    expect(whyNoUpdates({ ...appImage, execPath: '/opt/epicstar/epicstar' })).toBe('not-appimage');
    expect(whyNoUpdates({ ...appImage, execPath: '/tmp/.mount_epic12/epicstar' })).toBe('not-appimage');
  });

  it.each(['/Volumes/epicstar 1.2.3/epicstar.app/x', '/private/var/folders/a/AppTranslocation/b/d/epicstar.app/x'])(
    'does not on macOS from %s',
    (execPath) => {
      expect(whyNoUpdates({ ...mac, execPath })).toBe('not-moved');
    },
  );

  it.skipIf(process.platform === 'win32')('is told by what lies around it', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'epicstar-support-'));
    onTestFinished(() => rm(dir, { recursive: true, force: true }));
    const programsDir = join(dir, 'programs');
    await mkdir(programsDir);
    const { isPackaged, platform, execPath } = appImage;
    const why = () =>
      readWhyNoUpdates({
        isPackaged,
        platform,
        execPath,
        env: { ...appImage.env, APPIMAGE: join(programsDir, 'epicstar.AppImage') },
        resourcesPath: dir,
      });
    expect(await why()).toBe('no-address');
    await writeFile(join(dir, 'app-update.yml'), 'provider: generic\n');
    expect(await why()).toBeNull();
    await rm(programsDir, { recursive: true });
    expect(await why()).toBe('place-not-writable');
    await writeFile(join(dir, 'package-type'), 'deb\n');
    expect(await why()).toBe('system-package');
  });
});
