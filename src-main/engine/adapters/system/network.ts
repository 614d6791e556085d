/** @file Whether this computer has a network, and which: seen by its interfaces, without asking anybody. */
import type { NetworkInterfaceInfo } from 'node:os';
import type { Clock } from '../../ports/clock.ts';
import type { Network } from '../../ports/network.ts';

export interface NetworkOptions {
  readonly clock: Clock;
  /** `networkInterfaces` of node:os, which lists those alone that are up and have an address. */
  readonly interfaces: () => Readonly<Record<string, readonly NetworkInterfaceInfo[] | undefined>>;
  /** How often it is looked while somebody listens; default 15 s. */
  readonly lookEveryMs?: number;
  /** Services on this computer alone are used, so that no network is needed: always online. */
  readonly isLocalOnly?: boolean;
}

export function createNetwork(options: NetworkOptions): Network {
  const { clock, interfaces, lookEveryMs = 15_000, isLocalOnly = false } = options;
  const look = (): Look => {
    try {
      return lookAt(interfaces());
    } catch {
      // Where the system refuses to tell, it is not sure that there is no network.
      return { isOnline: true, network: '' };
    }
  };
  const isOnline = (): boolean => isLocalOnly || look().isOnline;
  return {
    isOnline,
    onChange: (listener) => {
      if (isLocalOnly) return () => undefined;
      let last = look();
      let stop: () => void;
      const lookAgain = (): void => {
        stop = clock.setTimer(lookEveryMs, lookAgain);
        const now = look();
        if (now.isOnline === last.isOnline && now.network === last.network) return;
        last = now;
        listener(now.isOnline);
      };
      stop = clock.setTimer(lookEveryMs, lookAgain);
      return () => stop();
    },
  };
}

interface Look {
  readonly isOnline: boolean;
  /** The same text as long as it is the same network. */
  readonly network: string;
}

/** Bridges and pairs that come and go with each container or virtual machine. */
const inwardNames = /^(?:docker|br-|veth|virbr|vmnet|vboxnet|cni|cali|flannel|lxc|tap)/;

function lookAt(all: ReturnType<NetworkOptions['interfaces']>): Look {
  const outward = Object.entries(all).flatMap(([name, addresses = []]) =>
    addresses.filter(({ internal }) => !internal).map(({ family, address }) => ({ name, family, address })),
  );
  const places = outward
    .filter(({ name, address }) => !inwardNames.test(name) && !/^fe[89ab]/i.test(address))
    // Computers change their own half of an IPv6 address every few hours.
    .map(({ name, family, address }) => `${name} ${family === 'IPv4' ? address : networkOf(address)}`);
  return { isOnline: outward.length > 0, network: [...new Set(places)].sort().join() };
}

/** The first 64 bits of an IPv6 address. */
function networkOf(address: string): string {
  const [head = '', tail] = address.split('::');
  const before = head.split(':');
  const after = (tail ?? '').split(':');
  const between = Array.from({ length: Math.max(8 - before.length - after.length, 0) }, () => '0');
  return (tail === undefined ? before : [...before, ...between, ...after]).slice(0, 4).join(':');
}
