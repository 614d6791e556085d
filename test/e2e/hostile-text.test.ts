/**
 * @file One repository whose every text is hostile, through the real program: mirrored, told of on a terminal, logged,
 * described at OneDev, and shown in a browser.
 */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createBare, readTips, runGit } from '../playground/repositories/index.ts';
import { importInto } from '../playground/repositories/bare-repository.ts';
import { badCharactersIn, hostile, hostileDescription, hostileRefs } from '../support/hostile-text.ts';
import { ProgramWindow } from '../support/program-window.ts';
import { Served } from '../support/served.ts';
import { type Installation, Stage } from '../support/stage.ts';
import { hasBrowser } from '../support/window-browser.ts';

const fullName = 'mallory/-.-';
let stage: Stage;
let installation: Installation;
let id: number;
let bareDir: string;

beforeAll(async () => {
  stage = await Stage.start(1);
  bareDir = join(stage.dir, 'hostile.git');
  createBare(bareDir, 'main');
  const who = `${hostile.element.replace(/[<>\n]/g, '')}${hostile.escape} <a@b.invalid> 1650000000 +0000`;
  const message = Buffer.from(`${hostileDescription}\n`);
  await importInto(bareDir, [
    `commit refs/heads/main\nauthor ${who}\ncommitter ${who}\ndata ${message.length}\n`,
    message,
    '\nM 100644 inline a.txt\ndata 1\nx\n\n',
    ...hostileRefs.map((ref) => `reset ${ref}\nfrom refs/heads/main\n\n`),
  ]);
  const { world } = stage.github;
  id = world.addRepository({
    fullName,
    bareDir,
    description: hostileDescription,
    topics: [hostile.element, hostile.escape, hostile.bidi, hostile.long.slice(0, 200), '@admin'],
    language: hostile.c1,
    homepage: 'javascript:window.hacked=1',
  });
  world.star(id);
  world.lists.make(`${hostile.bidi}${hostile.escape}${hostile.element}`, [id]);
  installation = await stage.install({ EPICSTAR_LISTS: 'labels' });
});
afterAll(() => stage.close());

describe('a hostile repository', () => {
  it('is mirrored, but for names that the server cannot take, and tells nothing bad on a terminal', async () => {
    const synced = await installation.run(['sync']);
    expect(synced.exitCode, synced.stderr).toBe(0);
    const [source, mirror] = await Promise.all([readTips(bareDir), installation.mirrorTips(fullName)]);
    expect(mirror['refs/heads/main']).toBe(source['refs/heads/main']);
    expect(Object.keys(mirror).length).toBeGreaterThan(1);

    // Rewritten, so that hostile names are kept too, and refused in the server's words.
    await runGit(bareDir, ['update-ref', '-d', hostileRefs[1]]);
    stage.github.world.pushed(id);
    const texts = [synced.stdout, synced.stderr];
    const commands: readonly (readonly string[])[] = [
      ['sync'],
      ['sync', '--json', '--full'],
      ['status'],
      ['list'],
      ['list', '--json'],
      ['history'],
      ['history', '--json', '--repository', fullName],
      ['verify', fullName],
      ['verify', '--json', fullName],
      ['kept', fullName],
      ['kept', '--json', fullName],
      ['drill', fullName],
      ['doctor'],
      ['asks', '--json'],
      ['choose', 'never', fullName],
      ['choose', 'mirror', `${hostile.escape}/${hostile.c1}`],
      ['choose', 'mirror', fullName],
      ['list', '--list', `${hostile.bidi}${hostile.c1}`],
    ];
    for (const command of commands) {
      const { stdout, stderr } = await installation.run(command);
      expect(badCharactersIn(stdout), command.join(' ')).toEqual([]);
      expect(badCharactersIn(stderr), command.join(' ')).toEqual([]);
      texts.push(stdout);
    }
    expect(texts.join('')).toContain(fullName);
  });

  it('leaves one line for each event in the log, without a control character', async () => {
    const text = await installation.logText();
    expect(text).toContain(fullName);
    expect(badCharactersIn(text)).toEqual([]);
    for (const line of text.trimEnd().split('\n')) expect(line).toMatch(/^\d{4}-\d\d-\d\dT|^\{/);
  });

  it('is described at OneDev without an element, a picture, a mention or a reference', () => {
    const description = installation.onedev.world.findByPath(`github/${fullName}`)?.description ?? '';
    expect(description).toContain('ünïcode');
    expect(description).toContain('👩‍👩‍👧‍👦');
    expect(badCharactersIn(description)).toEqual([]);
    expect(description).not.toMatch(/<[a-z!/?]|!\[|\]\(|\]\[|\]:|(?<![\p{L}\p{N}_])@[\p{L}\p{N}]|#\d/iu);
    for (const name of [...installation.onedev.world.labelSpecs.values()].map((spec) => spec.name)) {
      expect(badCharactersIn(name)).toEqual([]);
    }
  });
});

describe.skipIf(!hasBrowser)('a hostile repository in the window', () => {
  let window: ProgramWindow;

  beforeAll(async () => {
    window = await ProgramWindow.open();
  });
  afterAll(() => window.close());

  it('is text and nothing else on every page', async () => {
    await installation.run(['sync']);
    const served = await Served.start(installation);
    const page = await window.newPage();
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    page.on('dialog', (dialog) => asked.push(`a dialog: ${dialog.message()}`));
    await page.goto(`${served.url}?token=${served.token}`);
    await page.getByText(fullName).first().waitFor();
    for (const place of [`/repositories/${id}`, '/repositories', '/history', '/overview', '/rescued', '/']) {
      await page.goto(`${served.url}#${place}`);
      await page.getByRole('main').waitFor();
      await page
        .getByText(/mallory|rescued|stars/i)
        .first()
        .waitFor();
      const seen = await page.evaluate(() => ({
        hacked: 'hacked' in globalThis,
        elements: document.querySelectorAll('main img[src="x"], main script, main b b').length,
        links: [...document.querySelectorAll('a')]
          .map((link) => link.href)
          .filter((href) => /^(?:javascript|data):/i.test(href)),
        text: document.body.innerText,
      }));
      expect({ ...seen, text: '' }, place).toEqual({ hacked: false, elements: 0, links: [], text: '' });
      expect(badCharactersIn(seen.text.replaceAll('\t', ' ')), place).toEqual([]);
    }
    expect(asked.filter((url) => !url.startsWith(served.url) && !url.startsWith('data:'))).toEqual([]);
    expect(window.complaints).toEqual([]);
    await served.program.stop();
  });
});
