/** @file The pace of everything in work, measured in this page. */
import { useEffect, useRef, useState } from 'react';
import type { WorkView } from '../../../src-preload/contract/views.ts';
import { addSample, type Rate, rateOf, type Sample, sampleEveryMs, sampleOf } from './rates.ts';

/** By job id; measured again every second. */
export function useRates(work: WorkView | null, isLive: boolean): ReadonlyMap<number, Rate> {
  const [rates, setRates] = useState<ReadonlyMap<number, Rate>>(new Map());
  const latest = useRef(work);
  useEffect(() => {
    latest.current = work;
  }, [work]);
  const isMeasured = isLive && work !== null && work.length > 0;
  useEffect(() => {
    if (!isMeasured) return undefined;
    let seen: ReadonlyMap<number, readonly Sample[]> = new Map();
    const measure = (): void => {
      const now = performance.now();
      seen = new Map(
        (latest.current ?? []).map((item) => [item.jobId, addSample(seen.get(item.jobId) ?? [], sampleOf(item, now))]),
      );
      setRates(new Map([...seen].map(([jobId, samples]) => [jobId, rateOf(samples)])));
    };
    measure();
    const timer = window.setInterval(measure, sampleEveryMs);
    return () => {
      window.clearInterval(timer);
      setRates(new Map());
    };
  }, [isMeasured]);
  return rates;
}
