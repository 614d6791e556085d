/** @file Looking for updates by the real electron-updater at a real server, and what is told of them. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { appImage } from '../../support/app-image.ts';
import { stateOf as state, UpdaterBench, untilState as until } from '../../support/updater-bench.ts';
import { waitUntil } from '../../support/wait.ts';

const hourMs = 3_600_000;

describe.skipIf(process.platform !== 'linux')('updates', () => {
  let bench: UpdaterBench;

  beforeEach(async () => {
    bench = await UpdaterBench.open();
  });
  afterEach(() => bench.close());

  const paths = () => bench.server.requests.map(({ path }) => path);

  describe('looking', () => {
    it('finds nothing newer', async () => {
      bench.server.publish('latest-linux.yml', { version: '1.2.3', file: appImage('same') });
      const updater = bench.start();
      bench.timers.nowMs = 5_000;
      await updater.look();
      expect(updater.view()).toMatchObject({
        channel: 'stable',
        lastLookedAt: 5_000,
        state: { kind: 'current', newest: '1.2.3' },
      });
      expect(updater.trayUpdate()).toBeNull();
      expect(bench.log.lines).toEqual([]);
    });

    it('finds a newer version and downloads nothing of it', async () => {
      const file = appImage('new');
      bench.server.publish('latest-linux.yml', { version: '1.3.0', file, notes: '"Faster."' });
      const updater = bench.start();
      const seen: string[] = [];
      updater.subscribe(() => seen.push(state(updater).kind));
      await updater.look();
      expect(state(updater)).toEqual({
        kind: 'available',
        version: '1.3.0',
        notes: 'Faster.',
        sizeBytes: Buffer.byteLength(file),
      });
      expect(updater.trayUpdate()).toEqual({ version: '1.3.0', state: 'available' });
      expect([seen, paths()]).toEqual([['looking', 'available'], ['latest-linux.yml']]);
    });

    it('tells the server nothing that is this installation alone', async () => {
      bench.server.publish('latest-linux.yml', { version: '1.3.0', file: appImage('new') });
      await bench.start().look();
      const id = await readFile(join(bench.dir, 'data', '.updaterId'), 'utf8');
      const headers = bench.server.requests.map((request) => JSON.stringify(request.headers));
      expect(headers).toHaveLength(1);
      expect(headers.filter((text) => text.includes(id))).toEqual([]);
    });

    it('never goes back to an older version', async () => {
      bench.server.publish('latest-linux.yml', { version: '1.1.0', file: appImage('old') });
      const updater = bench.start({ version: '1.2.0-beta.1' });
      updater.setChannel('stable');
      await updater.look();
      expect(state(updater)).toEqual({ kind: 'current', newest: '1.1.0' });
    });

    it('reads the list of its channel alone', async () => {
      bench.server.publish('latest-linux.yml', { version: '1.2.3', file: appImage('same') });
      bench.server.publish('beta-linux.yml', { version: '1.3.0-beta.2', file: appImage('beta') });
      const updater = bench.start();
      await updater.look();
      expect(state(updater).kind).toBe('current');
      updater.setChannel('beta');
      expect(await until(updater, 'available')).toMatchObject({ version: '1.3.0-beta.2' });
      expect(bench.preferences.get('updateChannel')).toBe('beta');
      expect(paths()).toEqual(['latest-linux.yml', 'beta-linux.yml']);
    });

    it('takes no answer for one channel as that of another', async () => {
      bench.server.publish('latest-linux.yml', { version: '1.4.0', file: appImage('new') });
      bench.server.publish('beta-linux.yml', { version: '1.3.0-beta.2', file: appImage('beta') });
      const updater = bench.start();
      bench.server.hold();
      const looked = updater.look();
      await waitUntil('the server to be asked', () => bench.server.requests.length === 1);
      bench.server.release('afresh');
      updater.setChannel('beta');
      expect(await until(updater, 'available')).toMatchObject({ version: '1.3.0-beta.2' });
      await looked;
      expect(state(updater)).toMatchObject({ version: '1.3.0-beta.2' });
    });

    it('is done in the channel of the version that runs, unless another was chosen', async () => {
      bench.server.publish('beta-linux.yml', { version: '1.3.0-beta.2', file: appImage('beta') });
      const updater = bench.start({ version: '1.3.0-beta.1' });
      await updater.look();
      expect(updater.view()).toMatchObject({ channel: 'beta', state: { kind: 'available' } });
    });

    it.each([
      [
        'HTML',
        JSON.stringify('<h2>New</h2><ul><li>Faster &amp; <b>calmer</b></li></ul><script>steal()</script>'),
        'New\n\n- Faster & calmer',
      ],
      ['text in lines', '|\n  ### Added\n  - Lists\n', 'Added\n- Lists'],
      ['a list', '\n  - version: 1.3.0\n    note: Two\n  - version: 1.2.9\n    note: null\n', '1.3.0\nTwo'],
      ['nothing', 'null', null],
    ])('shows notes that came as %s as plain text', async (_as, notes, shown) => {
      bench.server.publish('latest-linux.yml', { version: '1.3.0', file: appImage('new'), notes });
      const updater = bench.start();
      await updater.look();
      expect(state(updater)).toMatchObject({ kind: 'available', notes: shown });
    });
  });

  describe('a look that fails says why', () => {
    /** The reason that is shown. */
    const failure = async (): Promise<string> => {
      const updater = bench.start();
      await updater.look();
      const shown = state(updater);
      const others = [updater.trayUpdate(), updater.view().lastLookedAt];
      if (shown.kind !== 'failed' || shown.doing !== 'look' || shown.version !== null) return JSON.stringify(shown);
      return others.every((one) => one === null) ? shown.reason : JSON.stringify(others);
    };

    it('without a server', async () => {
      await bench.server.close();
      expect(await failure()).toMatch(/was not reached/);
    });

    it('without a list for the channel', async () => {
      expect(await failure()).toMatch(/no list of versions for this channel/);
    });

    it('with an error of the server', async () => {
      bench.server.status = 503;
      expect(await failure()).toMatch(/answered with an error/);
    });

    it.each([
      ['no YAML', 'version: [1.3.0\n\t: broken'],
      ['empty', ''],
      ['a page', '<html>Sign in to the hotel network</html>'],
      ['without a version', 'files: []\n'],
      ['with a version that is none', 'version: newest\nfiles: []\n'],
    ])('with a list that is %s', async (_what, text) => {
      bench.server.put('latest-linux.yml', text);
      expect(await failure()).toMatch(/could not be understood/);
      expect(bench.log.lines.every(({ fields }) => JSON.stringify(fields).length < 700)).toBe(true);
    });

    it('with a server that never answers', async () => {
      bench.server.hold();
      const updater = bench.start();
      const looked = updater.look();
      await waitUntil('the server to be asked', () => bench.server.requests.length > 0);
      bench.timers.advance(60_000);
      await looked;
      expect(state(updater)).toMatchObject({ kind: 'failed', reason: expect.stringMatching(/was not reached/) });
      bench.server.release();
      bench.server.publish('latest-linux.yml', { version: '1.3.0', file: appImage('new') });
      await updater.look();
      expect(state(updater)).toMatchObject({ kind: 'available', version: '1.3.0' });
    });
  });

  describe('looking by itself', () => {
    it('happens a while after the start, then once a day', async () => {
      bench.server.publish('latest-linux.yml', { version: '1.2.3', file: appImage('same') });
      const updater = bench.start({ random: () => 0.5 });
      bench.timers.advance(45_000);
      expect([paths(), bench.loads]).toEqual([[], 0]);
      bench.timers.advance(3_000);
      await until(updater, 'current');
      bench.timers.advance(24 * hourMs);
      expect(paths()).toHaveLength(1);
      bench.timers.advance(2 * hourMs);
      await waitUntil('the second look', () => bench.server.requests.length === 2);
    });

    it('is tried again within the hour after it failed', async () => {
      const updater = bench.start();
      await updater.look();
      bench.server.publish('latest-linux.yml', { version: '1.3.0', file: appImage('new') });
      bench.timers.advance(0.9 * hourMs);
      await until(updater, 'available');
      expect(bench.loads).toBe(1);
    });

    it('keeps what was found in sight when it fails', async () => {
      bench.server.publish('latest-linux.yml', { version: '1.3.0', file: appImage('new') });
      const updater = bench.start();
      await updater.look();
      const seen: string[] = [];
      updater.subscribe(() => seen.push(state(updater).kind));
      bench.server.status = 500;
      await updater.look();
      expect([state(updater).kind, seen, bench.server.requests.length]).toEqual(['available', [], 2]);
    });

    it('is made up for after the computer slept over it', async () => {
      bench.server.publish('latest-linux.yml', { version: '1.2.3', file: appImage('same') });
      let asleepMs = 0;
      const updater = bench.start({ now: () => bench.timers.nowMs + asleepMs });
      await updater.look();
      asleepMs = 30 * hourMs;
      updater.woke();
      expect(paths()).toHaveLength(1);
      bench.timers.advance(60_000);
      await waitUntil('the second look', () => bench.server.requests.length === 2);
    });

    it('does not happen, and loads nothing, where the person wants none', async () => {
      bench.server.publish('latest-linux.yml', { version: '1.3.0', file: appImage('new') });
      const first = bench.start();
      await first.look();
      first.setChannel('off');
      expect([first.view().channel, state(first).kind, first.trayUpdate()]).toEqual(['off', 'off', null]);
      first.stop();
      bench.loads = 0;
      const second = bench.start();
      bench.timers.advance(48 * hourMs);
      await second.look();
      expect([state(second).kind, bench.loads, paths().length]).toEqual(['off', 0, 1]);
      second.setChannel('stable');
      await until(second, 'available');
    });

    it('does not happen where the program cannot update itself', async () => {
      const updater = bench.start({ whyNot: 'system-package' });
      bench.timers.advance(48 * hourMs);
      await updater.look();
      updater.setChannel('beta');
      expect(state(updater)).toMatchObject({ kind: 'unsupported', why: expect.stringMatching(/package manager/) });
      expect([bench.loads, bench.timers.count]).toEqual([0, 0]);
      expect(() => updater.download()).toThrow(/no newer version/);
      expect(() => updater.install()).toThrow(/no newer version/);
    });
  });

  describe('what is new', () => {
    it('is no news at the first start', () => {
      expect(bench.start({ notes: 'Faster.' }).view().whatIsNew).toEqual({
        version: '1.2.3',
        notes: 'Faster.',
        isUnread: false,
      });
    });

    it('is news after an update until it was shown', () => {
      bench.start({ version: '1.2.2', notes: 'Before.' });
      const updater = bench.start({ notes: 'Faster.' });
      let told = 0;
      updater.subscribe(() => (told += 1));
      expect(updater.view().whatIsNew?.isUnread).toBe(true);
      expect(updater.trayUpdate()).toEqual({ version: '1.2.3', state: 'running' });
      updater.readNotes();
      updater.readNotes();
      expect([updater.view().whatIsNew?.isUnread, updater.trayUpdate(), told]).toEqual([false, null, 1]);
      expect(bench.start({ notes: 'Faster.' }).view().whatIsNew?.isUnread).toBe(false);
    });

    it('is nothing where the package brought no notes', () => {
      bench.start({ version: '1.2.2' });
      expect(bench.start().view().whatIsNew).toBeNull();
    });
  });
});
