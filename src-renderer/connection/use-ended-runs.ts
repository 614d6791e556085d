/** @file A number that changes with every run that ends, to read lists again by. */
import { useEffect, useState } from 'react';
import { useClient } from './client-context.tsx';

/** Grows with every run that ends. */
export function useEndedRuns(): number {
  const client = useClient();
  const [count, setCount] = useState(0);
  useEffect(() => client.listen('run', () => setCount((now) => now + 1)), [client]);
  return count;
}
