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
/** The program looks every 30 s, so something is in work well within this. */
const mostIdleMs = 180_000;
/** Quick retries of a repository that failed come back within this. */
const settledAfterMs = 30_000;
const checkEveryMs = 1_500;
const parentCheckMs = 1_000;
const interruptedCode = 130;

const say = (line = ''): void => void process.stdout.write(`${line}\n`);

class Ended extends Error {}

const ending = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => ending.abort(new Ended()));
// Whoever started the demo may go away without a word; nothing is left running then.
const parent = process.ppid;
setInterval(() => {
  if (process.ppid !== parent) ending.abort(new Ended());
}, parentCheckMs).unref();

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
  let scene: Scene;
  try {
    scene = await Scene.set(options);
  } catch (error) {
    process.stderr.write(
      `demo: the stage could not be set: ${wordsOf(error)}.\nThe demo needs git on the PATH and room in the temporary folder.\n`,
    );
    return 1;
  }
  const product = new Product(scene.environment);
  ending.signal.addEventListener('abort', () => void product.stop(), { once: true });
  try {
    ending.signal.throwIfAborted();
    say(`  GitHub stand-in   ${scene.github.url} with ${scene.starCount} starred repositories`);
    say(`  mirrors go to     ${scene.targetAddress}`);
    say();
    return options.once ? await playOnce(scene, product) : await play(scene, product, options);
  } catch (error) {
    if (ending.signal.reason instanceof Ended) {
      say('\nEnding …');
      return options.once ? interruptedCode : 0;
    }
    process.stderr.write(
      `demo: it stopped because ${wordsOf(ending.signal.aborted ? ending.signal.reason : error)}.\nRun it again with --keep and look at data/logs in the folder that it names then.\n`,
    );
    return 1;
  } finally {
    await product.stop();
    await scene.clear();
    if (options.keep) say(`Everything was left in ${scene.dir}`);
  }
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Two runs with something new in between, and the proof. */
async function playOnce(scene: Scene, product: Product): Promise<number> {
  say('1. A first run: every star becomes a mirror.');
  const first = await product.run(['sync']);
  ending.signal.throwIfAborted();
  say(`\n2. ${await scene.starOneMore()} is starred.`);
  const rewritten = await scene.rewriteOne();
  if (rewritten !== null) say(`   ${rewritten} is rewritten upstream by a force-push.`);
  const second = await product.run(['sync']);
  ending.signal.throwIfAborted();
  say('\n3. Both ends of every mirror, compared by git alone:');
  const differences = await scene.differences();
  for (const { fullName, refs } of differences) say(`   DIFFERS ${fullName}: ${refs.slice(0, 5).join(', ')}`);
  say(`   ${scene.starCount - differences.length} of ${scene.starCount} are equal.`);
  const lost = await scene.lostTips();
  const kept = await scene.keptRefs();
  if (rewritten !== null) say(`   ${kept.length} old tips of ${rewritten} are kept, ${lost.length} are lost:`);
  for (const ref of kept) say(`     ${ref}`);
  const rescue = await playRescue(scene, product, rewritten);
  const isWell = first === 0 && second === 0 && differences.length === 0 && lost.length === 0 && rescue;
  const isShown = rewritten === null || kept.length > 0;
  say(isWell && isShown ? '\nAll is well.' : '\nSomething is wrong; see above.');
  return isWell && isShown ? 0 : 1;
}

/** A repository vanishes upstream. @returns whether its mirror is whole, and everything was told */
async function playRescue(scene: Scene, product: Product, rewritten: string | null): Promise<boolean> {
  const vanished = await scene.vanishOne();
  if (vanished === null) return true;
  say(`\n4. ${vanished} is deleted upstream, for good.`);
  const looked = await product.run(['sync', '--full']);
  ending.signal.throwIfAborted();
  say(
    '   It left the list and answers no more. That may be a mistake of the moment, so GitHub is asked again in an hour;',
  );
  say('   then it stands under “Rescued”. Its mirror stays as it was, and a clone of it by git alone says:');
  const { dir, refs, count } = await scene.cloneVanished();
  for (const ref of refs.slice(0, 5)) say(`   DIFFERS ${ref}`);
  say(`   ${count - refs.length} of ${count} branches and tags are as they were last, with every object.`);
  say('   (git clone --mirror and git fsck --connectivity-only; the program had no part in it)');
  const bundle = `${dir.replace(/\.git$/, '')}.bundle`;
  say('\n   It can be taken along as one file:');
  const bundled = await product.run(['bundle', vanished, '--out', bundle]);
  let told = 0;
  if (rewritten !== null) {
    say(`\n   And what ${rewritten} lost before:`);
    told = await product.run(['kept', rewritten]);
  }
  return looked === 0 && bundled === 0 && told === 0 && refs.length === 0;
}

async function play(scene: Scene, product: Product, options: DemoOptions): Promise<number> {
  const { urlWithToken, ended } = await product.serve();
  say(`Open the window:  ${urlWithToken}`);
  const watched =
    options.repositories === null ? 'alan/dataset has 30 MB, the others are small and varied' : 'they are your own';
  say(`Watch the jobs in work: ${watched}. Ctrl+C ends the demo.\n`);
  if (options.open && process.stdout.isTTY) openBrowser(urlWithToken);
  const gone = (): void => ending.abort(new Error('the program ended by itself'));
  ended.then(gone, gone);

  const missing = await untilMirrored(scene, product);
  say(
    missing === 0
      ? `All ${scene.starCount} stars are mirrored and verified.`
      : `${scene.starCount - missing} of ${scene.starCount} stars are mirrored; the window says what keeps the others.`,
  );
  await wait(actPauseMs, undefined, { signal: ending.signal });

  say(`\nA new star: ${await scene.starOneMore()}. It is seen at the next look, within 30 s, or press “Look now”.`);
  await untilMirrored(scene, product, missing);
  say('It is mirrored. See it on top of “Last runs”.');
  await wait(actPauseMs, undefined, { signal: ending.signal });

  const rewritten = await scene.rewriteOne();
  if (rewritten !== null) {
    say(`\nA force-push upstream: ${rewritten} lost its history. Watch what becomes of the old one.`);
    await until(async () => ((await scene.keptRefs()).length > 0 ? 'done' : 'idle'));
    say('The mirror followed, and keeps what upstream threw away:');
    for (const ref of await scene.keptRefs()) say(`  ${ref}`);
    say('In the window, open “Details” of that run.');
  }
  await wait(actPauseMs, undefined, { signal: ending.signal });
  const vanished = await scene.vanishOne();
  if (vanished !== null) {
    say(
      `\n${vanished} is deleted upstream. Press “Look now”: it leaves the list, and GitHub is asked what became of it.`,
    );
    const { refs, count } = await scene.cloneVanished();
    say(`Its mirror stays: ${count - refs.length} of ${count} branches and tags are as they were, by a clone of it.`);
    say(
      'After a second answer, an hour later, it stands under “Rescued”; “Download as bundle” works in its details now.',
    );
  }
  say('\nThat was all; the program goes on looking. Ctrl+C ends the demo.');
  await new Promise((_, reject) => {
    ending.signal.addEventListener('abort', () => reject(new Ended()), { once: true });
  });
  return 0;
}

/**
 * Waits for as long as something is in work.
 *
 * @param expected how many are known to be kept from being mirrored
 * @returns how many could not be mirrored for now
 */
async function untilMirrored(scene: Scene, product: Product, expected = 0): Promise<number> {
  let missing = 0;
  let quietSinceMs = performance.now();
  await until(async () => {
    const { totals } = await product.status();
    const isBusy = totals.jobs.queued + totals.jobs.running > 0;
    if (isBusy) quietSinceMs = performance.now();
    missing = scene.starCount - totals.mirrored;
    if (missing <= expected) return isBusy ? 'busy' : 'done';
    if (isBusy) return 'busy';
    const isStuck = totals.failed + totals.jobs.waiting >= missing;
    return isStuck && performance.now() - quietSinceMs > settledAfterMs ? 'done' : 'idle';
  });
  return missing;
}

async function until(look: () => Promise<'done' | 'busy' | 'idle'>): Promise<void> {
  let idleSinceMs = performance.now();
  for (let state = await look(); state !== 'done'; state = await look()) {
    if (state === 'busy') idleSinceMs = performance.now();
    if (performance.now() - idleSinceMs > mostIdleMs) throw new Error(`nothing happened for ${mostIdleMs / 1000} s`);
    await wait(checkEveryMs, undefined, { signal: ending.signal });
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
