/** @file Downloads by the real electron-updater from a real server, and a real file put in the place of the old one. */
import { readdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Updater } from '../../../src-main/shell/updater.ts';
import { appImage } from '../../support/app-image.ts';
import { DesktopParts } from '../../support/desktop-parts.ts';
import { stateOf as state, UpdaterBench, untilState as until } from '../../support/updater-bench.ts';
import { waitUntil } from '../../support/wait.ts';

describe.skipIf(process.platform !== 'linux')('an update', () => {
  let bench: UpdaterBench;

  beforeEach(async () => {
    bench = await UpdaterBench.open();
  });
  afterEach(() => bench.close());

  describe('downloading', () => {
    async function found(published: { readonly sha512?: string } = {}): Promise<Updater> {
      bench.server.publish('latest-linux.yml', { version: '1.3.0', file: appImage('new'), ...published });
      const updater = bench.start();
      await updater.look();
      return updater;
    }

    it('ends with a version that is ready', async () => {
      const updater = await found();
      const seen: string[] = [];
      updater.subscribe(() => seen.push(state(updater).kind));
      updater.download();
      expect(state(updater)).toMatchObject({ kind: 'downloading', version: '1.3.0' });
      expect(await until(updater, 'ready')).toMatchObject({ version: '1.3.0' });
      expect(updater.trayUpdate()).toEqual({ version: '1.3.0', state: 'ready' });
      expect(await readFile(bench.appImagePath, 'utf8')).toBe(appImage('old'));
    });

    it('refuses what is not what was published, and can be tried again', async () => {
      const updater = await found({ sha512: 'AAAA' });
      updater.download();
      expect(await until(updater, 'failed')).toMatchObject({
        doing: 'download',
        version: '1.3.0',
        reason: expect.stringMatching(/not what was published/),
      });
      expect(() => updater.install()).toThrow(/no newer version/);
      expect(
        (await readdir(join(bench.dir, 'cache'), { recursive: true })).filter((name) => /AppImage/.test(name)),
      ).toEqual([]);
      bench.end();
      expect(await readFile(bench.appImagePath, 'utf8')).toBe(appImage('old'));
      bench.server.publish('latest-linux.yml', { version: '1.3.0', file: appImage('new') });
      await updater.look();
      updater.download();
      await until(updater, 'ready');
    });

    it('says that the file is not there', async () => {
      const updater = await found();
      bench.server.remove('epicstar-1.3.0-linux-x86_64.AppImage');
      updater.download();
      expect(await until(updater, 'failed')).toMatchObject({ reason: expect.stringMatching(/does not have its file/) });
      expect(updater.trayUpdate()).toEqual({ version: '1.3.0', state: 'available' });
    });

    it('counts no more after another channel was chosen', async () => {
      const updater = await found();
      bench.server.hold();
      updater.download();
      updater.setChannel('off');
      expect(state(updater).kind).toBe('off');
      bench.server.release();
      bench.end();
      expect([state(updater).kind, await readFile(bench.appImagePath, 'utf8')]).toEqual(['off', appImage('old')]);
    });
  });

  describe('installing', () => {
    async function ready(options: Parameters<UpdaterBench['start']>[0] = {}): Promise<Updater> {
      bench.server.publish('latest-linux.yml', { version: '1.3.0', file: appImage('new') });
      const updater = bench.start(options);
      await updater.look();
      updater.download();
      await until(updater, 'ready');
      return updater;
    }

    it('ends the program, and starts the new version when all else has ended', async () => {
      const updater = await ready();
      bench.beforeInstall = () => {
        process.env['EPICSTAR_TEST_GIVEN'] = ' with what it was given';
      };
      updater.install();
      updater.install();
      expect([bench.quits, bench.preferences.get('updateTried')]).toEqual([1, '1.3.0']);
      expect(await readFile(bench.appImagePath, 'utf8')).toBe(appImage('old'));
      updater.stop();
      expect(updater.leave()).toBe('ends');
      delete process.env['EPICSTAR_TEST_GIVEN'];
      expect(await bench.started()).toBe('new with what it was given');
      expect(await readFile(bench.appImagePath, 'utf8')).toBe(appImage('new'));
      await waitUntil('the library to end the program', () => bench.quits === 2);
      expect(state(bench.start({ version: '1.3.0' })).kind).toBe('idle');
    });

    it('comes with a restart that was asked for because of something else', async () => {
      const parts = await DesktopParts.open({ updates: await ready() });
      try {
        await parts.keeper.handlers['desktop.restart']({}, null);
        expect([bench.quits, parts.restarts]).toEqual([1, 0]);
      } finally {
        await parts.close();
      }
    });

    it('gives the program the name of its version where it had one, told so that the start at login follows', async () => {
      const old = join(bench.dir, 'programs', 'epicstar-1.2.3-linux-x86_64.AppImage');
      const now = join(bench.dir, 'programs', 'epicstar-1.3.0-linux-x86_64.AppImage');
      await rename(bench.appImagePath, old);
      process.env['APPIMAGE'] = old;
      const told: string[] = [];
      const onRenamed = (path: string): void => {
        told.push(path);
        throw new Error('cannot follow');
      };
      await ready({ onRenamed });
      bench.end();
      expect(told).toEqual([now]);
      expect(await readFile(now, 'utf8')).toBe(appImage('new'));
      expect(bench.log.lines.map(({ message }) => message)).toContain('not all followed the new name of the program');
    });

    it('happens at the end of the program without being asked for again', async () => {
      const updater = await ready();
      expect(updater.leave()).toBe('nothing-to-do');
      bench.end();
      expect(await readFile(bench.appImagePath, 'utf8')).toBe(appImage('new'));
      expect(bench.preferences.get('updateTried')).toBeNull();
    });

    it('does not happen after the person wanted no updates any more', async () => {
      const updater = await ready();
      updater.setChannel('off');
      bench.end();
      expect(await readFile(bench.appImagePath, 'utf8')).toBe(appImage('old'));
    });

    it('that fails is told at the next start', async () => {
      const updater = await ready();
      updater.install();
      delete process.env['APPIMAGE'];
      expect(updater.leave()).toBe('failed');
      expect(state(bench.start())).toMatchObject({ kind: 'failed', doing: 'install', version: '1.3.0' });
      expect(state(bench.start()).kind).toBe('idle');
    });
  });
});
