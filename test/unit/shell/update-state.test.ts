/** @file How far an update is, event by event. */
import { describe, expect, it } from 'vitest';
import {
  canLook,
  downloadable,
  type Release,
  type UpdateEvent,
  type UpdateState,
  updateStateAfter,
} from '../../../src-main/shell/update-state.ts';

const release: Release = { version: '1.3.0', notes: null, sizeBytes: 10 };
const newer: Release = { ...release, version: '1.4.0' };

const states = {
  unsupported: { kind: 'unsupported', why: 'snap' },
  off: { kind: 'off' },
  idle: { kind: 'idle' },
  looking: { kind: 'looking' },
  current: { kind: 'current', newest: '1.2.3' },
  available: { kind: 'available', release },
  downloading: { kind: 'downloading', release, percent: 40 },
  ready: { kind: 'ready', release },
  lookFailed: { kind: 'failed', doing: 'look', problem: 'server', release: null },
  downloadFailed: { kind: 'failed', doing: 'download', problem: 'wrong-checksum', release },
  notInstalled: { kind: 'not-installed', version: '1.3.0' },
} as const satisfies Record<string, UpdateState>;

const events = {
  off: { kind: 'switched-off' },
  channel: { kind: 'channel-chosen' },
  look: { kind: 'look-began' },
  found: { kind: 'found', release: newer },
  nothing: { kind: 'found-nothing', newest: '1.2.3' },
  lookFailed: { kind: 'look-failed', problem: 'proxy' },
  download: { kind: 'download-began' },
  progress: { kind: 'progressed', percent: 60 },
  downloaded: { kind: 'downloaded' },
  downloadFailed: { kind: 'download-failed', problem: 'disk-full' },
} as const satisfies Record<string, UpdateEvent>;

const { looking, downloading, ready } = states;
const idle: UpdateState = { kind: 'idle' };
const off: UpdateState = { kind: 'off' };
const begun: UpdateState = { kind: 'downloading', release, percent: 0 };

/** All that changes a state; what is not here leaves it as it is. */
const changes: Readonly<Record<keyof typeof states, Partial<Record<keyof typeof events, UpdateState>>>> = {
  unsupported: {},
  off: { off, channel: idle },
  idle: { off, channel: idle, look: looking },
  looking: {
    off,
    channel: idle,
    found: { kind: 'available', release: newer },
    nothing: states.current,
    lookFailed: { kind: 'failed', doing: 'look', problem: 'proxy', release: null },
  },
  current: { off, channel: idle, look: looking },
  available: {
    off,
    channel: idle,
    found: { kind: 'available', release: newer },
    nothing: states.current,
    download: begun,
  },
  downloading: {
    off,
    channel: idle,
    progress: { ...downloading, percent: 60 },
    downloaded: ready,
    downloadFailed: { kind: 'failed', doing: 'download', problem: 'disk-full', release },
  },
  ready: { off, channel: idle },
  lookFailed: { off, channel: idle, look: looking },
  downloadFailed: { off, channel: idle, look: looking, download: begun },
  notInstalled: { off, channel: idle, look: looking },
};

const names = Object.keys(states) as (keyof typeof states)[];
const eventNames = Object.keys(events) as (keyof typeof events)[];

describe('the state of updates', () => {
  it.each(names.flatMap((name) => eventNames.map((event) => [name, event] as const)))(
    'is %s, then comes %s',
    (name, event) => {
      expect(updateStateAfter(states[name], events[event])).toEqual(changes[name][event] ?? states[name]);
    },
  );

  it('is the same object where nothing changes, so that nobody is told', () => {
    const kept = names.flatMap((name) =>
      eventNames
        .filter((event) => changes[name][event] === undefined)
        .map((event) => [states[name], events[event]] as const),
    );
    expect(kept.length).toBeGreaterThan(50);
    expect(kept.every(([state, event]) => updateStateAfter(state, event) === state)).toBe(true);
  });

  it('never goes back in a download', () => {
    expect(updateStateAfter(downloading, { kind: 'progressed', percent: 10 })).toMatchObject({ percent: 40 });
  });

  it('says where a look makes sense, and what can be downloaded', () => {
    expect(names.filter((name) => canLook(states[name]))).toEqual([
      'idle',
      'current',
      'available',
      'lookFailed',
      'downloadFailed',
      'notInstalled',
    ]);
    expect(names.filter((name) => downloadable(states[name]) !== null)).toEqual(['available', 'downloadFailed']);
  });
});
