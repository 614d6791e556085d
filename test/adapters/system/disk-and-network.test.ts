import type { NetworkInterfaceInfo } from 'node:os';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createDisk } from '../../../src-main/engine/adapters/system/disk.ts';
import { createNetwork } from '../../../src-main/engine/adapters/system/network.ts';
import { createSystemClock } from '../../../src-main/engine/adapters/system/clock.ts';
import type { Clock } from '../../../src-main/engine/ports/clock.ts';
import { makeDir } from './bench-dir.ts';

describe('the disk', () => {
  it('says how much is free, also for a directory that is still to be made', async () => {
    const dir = await makeDir();
    expect(await createDisk(dir).freeBytes()).toBeGreaterThan(0);
    expect(await createDisk(join(dir, 'a', 'b')).freeBytes()).toBeGreaterThan(0);
  });

  it('says why nothing can be written, and leaves nothing behind', async () => {
    const dir = await makeDir();
    expect(await createDisk(dir).writeProblem()).toBeNull();
    expect(await readdir(dir)).toEqual([]);
    await writeFile(join(dir, 'file'), 'x');
    expect(await createDisk(join(dir, 'file')).writeProblem()).toMatch(/EEXIST|ENOTDIR/);
  });
});

describe('the network', () => {
  const address = (internal: boolean): NetworkInterfaceInfo => ({
    address: internal ? '127.0.0.1' : '192.0.2.7',
    netmask: '255.255.255.0',
    family: 'IPv4',
    mac: '00:00:00:00:00:00',
    internal,
    cidr: null,
  });

  it('is there unless it is sure that there is none', () => {
    const clock = createSystemClock();
    const isOnline = (interfaces: () => Record<string, NetworkInterfaceInfo[] | undefined>, isLocalOnly = false) =>
      createNetwork({ clock, interfaces, isLocalOnly }).isOnline();
    expect(isOnline(() => ({ lo: [address(true)], eth0: [address(false)] }))).toBe(true);
    expect(isOnline(() => ({ lo: [address(true)], eth0: undefined }))).toBe(false);
    expect(isOnline(() => ({}))).toBe(false);
    expect(isOnline(() => ({ lo: [address(true)] }), true)).toBe(true);
    const broken = () => {
      throw new Error('not allowed');
    };
    expect(isOnline(broken)).toBe(true);
  });

  it('tells each change once, until nobody listens', () => {
    let isUp = true;
    const timers = new Set<() => void>();
    const clock: Clock = {
      ...createSystemClock(),
      setTimer: (_, fire) => {
        timers.add(fire);
        return () => timers.delete(fire);
      },
    };
    const look = (): void => {
      const due = [...timers];
      timers.clear();
      for (const fire of due) fire();
    };
    const network = createNetwork({ clock, interfaces: () => ({ eth0: isUp ? [address(false)] : [] }) });
    const told: boolean[] = [];
    const stop = network.onChange((online) => told.push(online));
    for (const next of [true, false, false, true, false]) {
      isUp = next;
      look();
    }
    expect(told).toEqual([false, true, false]);
    stop();
    stop();
    expect(timers.size).toBe(0);
  });
});
