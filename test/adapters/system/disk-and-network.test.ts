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

  /** A network that is looked at when the test says so, and what it told. */
  const watch = (first: Record<string, NetworkInterfaceInfo[]>) => {
    const timers = new Set<() => void>();
    const clock: Clock = {
      ...createSystemClock(),
      setTimer: (_, fire) => {
        timers.add(fire);
        return () => timers.delete(fire);
      },
    };
    let interfaces = first;
    const told: boolean[] = [];
    const stop = createNetwork({ clock, interfaces: () => interfaces }).onChange((online) => told.push(online));
    const show = (next: Record<string, NetworkInterfaceInfo[]>): void => {
      interfaces = next;
      const due = [...timers];
      timers.clear();
      for (const fire of due) fire();
    };
    return { told, stop, show, timers };
  };

  it('tells each change once, until nobody listens', () => {
    const { told, stop, show, timers } = watch({ eth0: [address(false)] });
    for (const isUp of [true, false, false, true, false]) show({ eth0: isUp ? [address(false)] : [] });
    expect(told).toEqual([false, true, false]);
    stop();
    stop();
    expect(timers.size).toBe(0);
  });

  it('tells of another network, not of a new address in the same one nor of containers', () => {
    const v4 = (text: string): NetworkInterfaceInfo => ({ ...address(false), address: text });
    const v6 = (text: string): NetworkInterfaceInfo => ({ ...v4(text), family: 'IPv6', scopeid: 0 });
    const { told, show } = watch({ wlan0: [v4('192.0.2.7'), v6('2001:db8:1:2:aaaa::1')] });
    show({ wlan0: [v6('2001:db8:1:2:bbbb:0:0:9'), v4('192.0.2.7'), v6('2001:db8:1:2::3'), v6('fe80::1')] });
    show({ wlan0: [v4('192.0.2.7'), v6('2001:db8:1:2::3')], docker0: [v4('172.17.0.1')], veth12: [v6('fe80::2')] });
    expect(told).toEqual([]);
    show({ wlan0: [v4('192.0.2.7'), v6('2001:db8:1:3::3')] });
    show({ wlan0: [v4('198.51.100.7')] });
    show({ wlan0: [v4('198.51.100.7')], tun0: [v4('10.8.0.2')] });
    expect(told).toEqual([true, true, true]);
  });

  it('is not looked at where nothing leads away from this computer', () => {
    let timers = 0;
    const clock: Clock = {
      ...createSystemClock(),
      setTimer: () => {
        timers += 1;
        return () => undefined;
      },
    };
    createNetwork({ clock, interfaces: () => ({}), isLocalOnly: true }).onChange(() => undefined)();
    expect(timers).toBe(0);
  });
});
