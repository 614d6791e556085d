import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { DesktopBench } from '../electron/desktop-bench.ts';
import { WebBench, benchToken } from '../support/web-bench.ts';
import { allProcesses } from '../support/program.ts';
const web = new WebBench(); await web.start();
const bench = await DesktopBench.open();
const sets: Record<string, string[]> = {
  none: [], semi: ['--js-flags=--max-semi-space-size=1'], size: ['--js-flags=--optimize-for-size'], lite: ['--js-flags=--lite-mode'],
  gpu: ['--disable-gpu'], inproc: ['--in-process-gpu'], spare: ['--disable-features=SpareRendererForSitePerProcess,MediaRouter,AudioServiceOutOfProcess'],
  none2: [],
};
for (const [name, flags] of Object.entries(sets)) for (const hidden of [true, false]) {
  const st = bench.start(await bench.makeHome(), { url: web.host.url, token: benchToken }, [...flags, ...(hidden ? ['--hidden'] : [])]);
  await st.says(/tray: /); if (!hidden) await st.says(/window: ready/);
  await delay(5000);
  const all = allProcesses(); const fam = [st.pid];
  for (const p of fam) fam.push(...all.filter((x) => x.parentPid === p).map((x) => x.pid));
  let priv = 0, pss = 0; const parts: string[] = [];
  for (const p of fam) { try { const s = readFileSync(`/proc/${p}/smaps_rollup`, 'utf8'); const d = Number(/^Private_Dirty:\s+(\d+)/m.exec(s)?.[1]); pss += Number(/^Pss:\s+(\d+)/m.exec(s)?.[1]); priv += d; const c = readFileSync(`/proc/${p}/cmdline`,'utf8'); parts.push(`${/--type=([a-z-]+)/.exec(c)?.[1] ?? 'browser'} ${Math.round(d/1024)}`); } catch {} }
  console.log(name, hidden ? 'hidden' : 'window', 'private', Math.round(priv / 1024), 'pss', Math.round(pss/1024), parts.join(', '));
  await st.kill();
}
await bench.close(); await web.end(); process.exit(0);
