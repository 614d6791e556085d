/**
 * @file `npm run demo`: the real program on stand-ins for GitHub and OneDev, with something to watch. With `--once` it
 * runs to completion, checks what came of it by git alone, and ends.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type DemoOptions, DemoUsageError, readOptions, usage } from './demo/options.ts';
import { Product } from './demo/product.ts';
import { Scene } from './demo/scene.ts';

const rootDir = fileURLToPath(new URL('../..', import.meta.url));
const actPauseMs = 15_000;
/** The program looks every 30 s; what it saw is mirrored well within this. */
const mostWaitMs = 180_000;

const say = (line = ''): void => void process.stdout.write(`${line}\n`);

class Ended extends Error {}

const ending = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => ending.abort(new Ended()));

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  let options: DemoOptions;
  try {
    const read = readOptions(args);
    if (read === 'help') {
      say(usage);
      return 0;
    }
    options = read;
  } catch (error) {
    if (!(error instanceof DemoUsageError)) throw error;
    process.stderr.write(`demo: ${error.message}\n\n${usage}\n`);
    return 2;
  }
  if (!options.once && !buildWindow()) return 1;
  say('Setting the stage: stand-ins for GitHub and the mirror server on this computer …');
  const scene = await Scene.set(options);
  const product = new Product(scene.environment);
  try {
    say(`  GitHub stand-in   ${scene.github.url} with ${scene.starCount} starred repositories`);
    say(`  mirrors go to     ${scene.targetAddress}`);
    say();
    return options.once ? await playOnce(scene, product) : await play(scene, product, options);
  } catch (error) {
    if (error instanceof Ended || ending.signal.aborted) {
      say('\nEnding …');
      return 0;
    }
    const words = error instanceof Error ? error.message : String(error);
    process.stderr.write(
      `demo: it stopped because ${words}.\nRun it again with --keep and look at the log in its data folder.\n`,
    );
    return 1;
  } finally {
    await product.stop();
    await scene.clear();
    if (options.keep) say(`Everything was left in ${scene.dir}`);
  }
}

/** Two runs with something new in between, and the proof. */
async function playOnce(scene: Scene, product: Product): Promise<number> {
  say('1. A first run: every star becomes a mirror.');
  const first = await product.run(['sync']);
  say(`\n2. ${await scene.starOneMore()} is starred.`);
  const rewritten = await scene.rewriteOne();
  if (rewritten !== null) say(`   ${rewritten} is rewritten upstream by a force-push.`);
  const second = await product.run(['sync']);
  say('\n3. Both ends of every mirror, compared by git alone:');
  const differences = await scene.differences();
  for (const { fullName, refs } of differences) say(`   DIFFERS ${fullName}: ${refs.slice(0, 5).join(', ')}`);
  say(`   ${scene.starCount - differences.length} of ${scene.starCount} are equal.`);
  const lost = await scene.lostTips();
  const kept = await scene.keptRefs();
  if (rewritten !== null) say(`   ${kept.length} old tips of ${rewritten} are kept, ${lost.length} are lost:`);
  for (const ref of kept) say(`     ${ref}`);
  const isWell = first === 0 && second === 0 && differences.length === 0 && lost.length === 0;
  const isShown = rewritten === null || kept.length > 0;
  say(isWell && isShown ? '\nAll is well.' : '\nSomething is wrong; see above.');
  return isWell && isShown ? 0 : 1;
}

async function play(scene: Scene, product: Product, options: DemoOptions): Promise<number> {
  const { urlWithToken, ended } = await product.serve();
  say(`Open the window:  ${urlWithToken}`);
  say('Watch the jobs in work: alan/dataset has 30 MB, the others are small and varied. Ctrl+C ends the demo.\n');
  if (options.open && process.stdout.isTTY) openBrowser(urlWithToken);
  // Whoever ends the window's program from outside ends the demo too.
  ended.then(
    () => ending.abort(new Ended()),
    () => ending.abort(new Ended()),
  );

  await untilMirrored(scene, product);
  say(`All ${scene.starCount} stars are mirrored and verified.`);
  await wait(actPauseMs, undefined, { signal: ending.signal });

  say(`\nA new star: ${await scene.starOneMore()}. It is seen at the next look, within 30 s, or press “Look now”.`);
  await untilMirrored(scene, product);
  say('It is mirrored. See it on top of “Last runs”.');
  await wait(actPauseMs, undefined, { signal: ending.signal });

  const rewritten = await scene.rewriteOne();
  if (rewritten !== null) {
    say(`\nA force-push upstream: ${rewritten} lost its history. Watch what becomes of the old one.`);
    await until(async () => (await scene.keptRefs()).length > 0);
    say('The mirror followed, and keeps what upstream threw away:');
    for (const ref of await scene.keptRefs()) say(`  ${ref}`);
    say('In the window, open “Details” of that run.');
  }
  say('\nThat was all; the program goes on looking. Ctrl+C ends the demo.');
  await new Promise((_, reject) => {
    ending.signal.addEventListener('abort', () => reject(new Ended()), { once: true });
  });
  return 0;
}

async function untilMirrored(scene: Scene, product: Product): Promise<void> {
  await until(async () => {
    const { totals } = await product.status();
    if (totals.failed > 0) throw new Error('a repository could not be mirrored; the window says why');
    return totals.mirrored === scene.starCount && totals.jobs.queued + totals.jobs.running + totals.jobs.waiting === 0;
  });
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  const deadlineMs = performance.now() + mostWaitMs;
  while (!(await isSo())) {
    if (performance.now() > deadlineMs) throw new Error(`nothing more happened for ${mostWaitMs / 1000} s`);
    await wait(1_000, undefined, { signal: ending.signal });
  }
}

function buildWindow(): boolean {
  if (existsSync(`${rootDir}/dist/renderer/index.html`)) return true;
  say('Building the window …');
  const vite = fileURLToPath(new URL('../../node_modules/vite/bin/vite.js', import.meta.url));
  const { status } = spawnSync(process.execPath, [vite, 'build', '--logLevel', 'warn'], {
    cwd: rootDir,
    stdio: 'inherit',
  });
  if (status !== 0) process.stderr.write('demo: the window could not be built; what was wrong is said above.\n');
  return status === 0;
}

/** Where no browser can be opened, the address above has to do. */
function openBrowser(url: string): void {
  const command = process.platform === 'darwin' ? 'open' : 'xdg-open';
  if (process.platform === 'win32') return;
  const child = spawn(command, [url], { stdio: 'ignore', detached: true });
  child.once('error', () => say('(No browser could be opened here; open the address yourself.)'));
  child.unref();
}
