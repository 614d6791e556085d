/** @file Whether this computer has a network at all: seen by its interfaces, without asking anybody. */
import type { NetworkInterfaceInfo } from 'node:os';
import type { Clock } from '../../ports/clock.ts';
import type { Network } from '../../ports/network.ts';

export interface NetworkOptions {
  readonly clock: Clock;
  /** `networkInterfaces` of node:os, which lists those alone that are up and have an address. */
  readonly interfaces: () => Readonly<Record<string, readonly NetworkInterfaceInfo[] | undefined>>;
  /** How often it is looked while somebody listens; default 5 s. */
  readonly lookEveryMs?: number;
  /** Services on this computer alone are used, so that no network is needed: always online. */
  readonly isLocalOnly?: boolean;
}

export function createNetwork(options: NetworkOptions): Network {
  const { clock, interfaces, lookEveryMs = 5_000, isLocalOnly = false } = options;
  const isOnline = (): boolean => {
    if (isLocalOnly) return true;
    try {
      return Object.values(interfaces()).some((addresses) => addresses?.some(({ internal }) => !internal) ?? false);
    } catch {
      // Where the system refuses to tell, it is not sure that there is no network.
      return true;
    }
  };
  return {
    isOnline,
    onChange: (listener) => {
      let last = isOnline();
      let stop: () => void;
      const look = (): void => {
        stop = clock.setTimer(lookEveryMs, look);
        const now = isOnline();
        if (now === last) return;
        last = now;
        listener(now);
      };
      stop = clock.setTimer(lookEveryMs, look);
      return () => stop();
    },
  };
}
