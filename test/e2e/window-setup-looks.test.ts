/** @file The wizard by keyboard alone, and how it looks: both colour schemes, small and zoomed, in every state. */
import type { Locator } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { defaultSelectionRules } from '../../src-main/engine/domain/selection.ts';
import { errorRecord, makeOverview, makeRow, makeTotals } from '../support/scripted-facts.ts';
import { makePreview, makeSetupState, scriptedAccount } from '../support/scripted-setup.ts';
import { atSelection, atTarget, codeShown, firstRun, goodItems, openWizard } from '../support/setup-scenes.ts';
import type { WindowBench } from '../support/window-bench.ts';
import { hasBrowser, WindowBrowser } from '../support/window-browser.ts';

const someItems = [
  ...goodItems.slice(0, 2),
  { name: 'version', state: 'warning', finding: 'OneDev 15.1 is older than 16.', nextStep: 'Update OneDev.' },
  {
    name: 'server address',
    state: 'failed',
    finding: `The certificate of ${'very-'.repeat(30)}long.example.org is self-signed or from an unknown authority.`,
    nextStep: 'Name its CA file.',
  },
] as const;

const longName = `${'a'.repeat(39)}/${'b'.repeat(100)}`;

const scenes: readonly (readonly [string, (bench: WindowBench) => Promise<void>])[] = [
  ['github', (bench) => openWizard(bench, firstRun())],
  [
    'github-open',
    async (bench) => {
      const error = errorRecord('github-sign-in-ended', 'The code was not entered in time.');
      await openWizard(bench, firstRun({ github: { kind: 'signed-out', error } }));
      for (const text of ['Use a token instead', 'Another GitHub', 'No account at hand?']) {
        await bench.page.getByText(text).click();
      }
    },
  ],
  ['github-no-client-id', (bench) => openWizard(bench, firstRun({ canUseDeviceFlow: false }))],
  ['github-asking', (bench) => openWizard(bench, firstRun({ github: { kind: 'asking-for-code' } }))],
  ['github-code', (bench) => openWizard(bench, firstRun({ github: codeShown }))],
  [
    'github-fixed',
    async (bench) => {
      const github = { kind: 'signed-out', error: errorRecord('github-signed-out') } as const;
      await openWizard(bench, firstRun({ github, fixed: ['github-token', 'githubApiUrl'] }));
    },
  ],
  [
    'github-account',
    async (bench) => {
      const expiresAt = Date.UTC(2027, 3, 1, 12);
      const account = { ...scriptedAccount, login: 'm'.repeat(60), scopes: ['read:user', 'public_repo'], expiresAt };
      await openWizard(bench, makeSetupState({ github: { kind: 'signed-in', account } }), '/setup/github');
    },
  ],
  ['done', (bench) => openWizard(bench, makeSetupState(), '/setup')],
  ['target', (bench) => openWizard(bench, atTarget())],
  [
    'target-tested',
    async (bench) => {
      const { page, setup } = bench;
      setup.prepare({ items: someItems });
      await openWizard(bench, atTarget());
      await page.getByLabel('Address').fill('http://onedev.lan:6610');
      await page.getByLabel('Access token').fill('od-secret');
      await page.getByLabel('I know the risk').check();
      await page.getByRole('button', { name: 'Test', exact: true }).click();
      await page.getByText('Name its CA file.').waitFor();
      await page.getByText('The least rights that are enough').click();
      await page.getByText('Let epicstar make them').click();
    },
  ],
  [
    'target-running',
    async (bench) => {
      await openWizard(bench, atTarget({ test: { isRunning: true, items: goodItems.slice(0, 3) } }));
      await bench.page.getByText('Testing goes on').waitFor();
    },
  ],
  [
    'target-made',
    async (bench) => {
      const { page } = bench;
      await openWizard(bench, atTarget());
      await page.getByLabel('Address').fill('https://onedev.example.org');
      await page.getByText('Let epicstar make them').click();
      await page.getByLabel('User of OneDev').fill('admin');
      await page.getByLabel('Password').fill('hunter2');
      await page.getByRole('button', { name: 'Make them and save' }).click();
      await page.getByText('Made on OneDev and saved').waitFor();
    },
  ],
  [
    'target-folder',
    async (bench) => {
      await openWizard(bench, atTarget());
      await bench.page.getByLabel('A folder').check();
      await bench.page.getByRole('button', { name: 'Test', exact: true }).click();
    },
  ],
  [
    'target-fixed',
    async (bench) => {
      const fixed = ['target', 'onedevUrl', 'onedevRoot', 'caFile', 'onedev-token'];
      await openWizard(bench, makeSetupState({ fixed }), '/setup/target');
    },
  ],
  [
    'selection',
    async (bench) => {
      await openWizard(bench, atSelection());
      await bench.page.getByText('To mirror', { exact: true }).waitFor();
    },
  ],
  [
    'selection-full',
    async (bench) => {
      const { page, setup, engine } = bench;
      const watcher = {
        ...makeOverview().watcher,
        isLooking: true,
        lastFullWalkAt: null,
        walk: { page: 3, pages: 12 },
      };
      engine.set({ overview: { watcher, totals: makeTotals({ starred: 300 }) }, rows: [makeRow(1, longName, null)] });
      const largest = [
        { githubId: 1, fullName: longName, sizeKb: 5_400_000 },
        { githubId: 2, fullName: 'chromium/chromium', sizeKb: 4_100_000 },
      ];
      setup.prepare({
        preview: makePreview({ largest, freeBytesAtTarget: 30e9, freeBytesHere: 2e9 }),
        rules: {
          ...defaultSelectionRules,
          scope: 'new-only',
          newSince: Date.UTC(2026, 10, 24, 14),
          askAboveKb: 2_000_000,
          languages: { only: ['Rust', 'x'.repeat(90)], never: ['PHP'] },
          namePatterns: { only: ['rust-lang/*'], never: [] },
        },
      });
      await openWizard(bench, atSelection());
      await page.getByText('To mirror', { exact: true }).waitFor();
      await page.getByText('Languages', { exact: true }).click();
      await page.getByText('Names', { exact: true }).click();
      await page.getByLabel('Find a repository').fill('a');
      await page.getByRole('list', { name: 'Repositories found' }).waitFor();
    },
  ],
];

describe.skipIf(!hasBrowser)('the look of the wizard', () => {
  const window = new WindowBrowser();
  let bench: WindowBench;

  beforeAll(() => window.open());
  afterEach(() => window.endBench());
  afterAll(() => window.close());

  test.each(scenes.flatMap(([name, play]) => [['light', name, play] as const, ['dark', name, play] as const]))(
    'has no accessibility fault in %s: %s',
    async (colorScheme, name, play) => {
      bench = await window.startBench({ colorScheme, reducedMotion: 'reduce' });
      await play(bench);
      await bench.shoot(`setup-${name}-${colorScheme}`);
      expect(await bench.violations()).toEqual([]);
      expect(await bench.overflow()).toBe(0);
    },
  );

  test.each([
    ['360 px', { viewport: { width: 360, height: 740 } }],
    ['200 % zoom', { viewport: { width: 500, height: 450 }, deviceScaleFactor: 2 }],
    ['320 px', { viewport: { width: 320, height: 640 } }],
  ])('fits %s', async (size, options) => {
    bench = await window.startBench({ ...options, reducedMotion: 'reduce' });
    for (const [name, play] of scenes) {
      await bench.page.goto('about:blank');
      await play(bench);
      await bench.shoot(`setup-${name}-${size.replace(/\W+/g, '-')}`);
      expect(await bench.overflow(), name).toBe(0);
    }
    expect(await bench.violations()).toEqual([]);
  });

  async function isFocused(control: Locator): Promise<boolean> {
    return (await control.count()) > 0 && control.first().evaluate((element) => element === document.activeElement);
  }

  /** Nothing lies over it, such as a bar that stays at the foot of the window. */
  function isUncovered(control: Locator): Promise<boolean> {
    return control.evaluate((element) => {
      const { left, top, width, height } = element.getBoundingClientRect();
      const there = document.elementFromPoint(left + width / 2, top + height / 2);
      return there !== null && (element.contains(there) || there.contains(element));
    });
  }

  /** Goes on with the tab key until the control has the focus, which has to be seen. */
  async function tabTo(control: Locator): Promise<void> {
    await control.waitFor();
    for (let press = 0; press < 80; press += 1) {
      if (await isFocused(control)) {
        const outline = await control.evaluate((element) => getComputedStyle(element).outlineStyle);
        expect(outline).not.toBe('none');
        expect(await isUncovered(control), String(control)).toBe(true);
        return;
      }
      await bench.page.keyboard.press('Tab');
    }
    throw new Error('the control cannot be reached');
  }

  test('from the first step to the last by keyboard alone', async () => {
    bench = await window.startBench();
    const { page, setup } = bench;
    const { keyboard } = page;
    const button = (name: string | RegExp): Locator => page.getByRole('button', { name });
    setup.prepare({ items: goodItems });
    await openWizard(bench, firstRun());

    await tabTo(page.getByLabel('Also mirror private repositories'));
    await keyboard.press('Space');
    await tabTo(button('Sign in with GitHub'));
    await keyboard.press('Enter');
    await expect.poll(() => setup.commands.at(-1)?.name).toBe('beginDeviceFlow');
    setup.set({ github: { kind: 'asking-for-code' } });
    await page.getByText('Asking GitHub for a code', { exact: true }).waitFor();
    setup.set({ github: codeShown });
    await tabTo(page.getByRole('link', { name: 'Open GitHub’s page' }));
    setup.set(atTarget());
    await page.getByRole('heading', { name: 'Signed in as mona' }).waitFor();
    await tabTo(page.getByRole('link', { name: 'Continue' }));
    await keyboard.press('Enter');
    await bench.sentence('Where mirrors go').waitFor();

    await tabTo(page.getByRole('radio', { name: 'OneDev' }));
    await keyboard.press('ArrowDown');
    await page.getByRole('textbox', { name: 'Folder' }).waitFor();
    await keyboard.press('ArrowUp');
    await tabTo(page.getByLabel('Address'));
    await keyboard.type('http://onedev.lan');
    await tabTo(page.getByLabel('I know the risk'));
    await keyboard.press('Space');
    await tabTo(page.getByLabel('Access token'));
    await keyboard.type('od-secret');
    await tabTo(page.locator('summary', { hasText: 'The least rights' }));
    await keyboard.press('Enter');
    await page.getByText('Make one project for all mirrors').waitFor();
    await tabTo(page.getByRole('button', { name: 'Test', exact: true }));
    await keyboard.press('Enter');
    await page.getByText('The token may push.').waitFor();
    await keyboard.press('Shift+Tab');
    expect(await isFocused(button('Save and continue'))).toBe(true);
    await keyboard.press('Enter');
    await expect.poll(() => setup.commands.at(-1)?.name).toBe('saveTarget');
    setup.set(atSelection());
    await bench.sentence('What to mirror').waitFor();
    // Until it has been counted, what is below moves.
    await page.getByText('To mirror', { exact: true }).waitFor();

    await tabTo(page.getByRole('radio', { name: 'All of them' }));
    await tabTo(page.getByLabel('Forks'));
    await keyboard.press('Space');
    await tabTo(page.getByLabel('Ask me above'));
    await keyboard.press('ArrowDown');
    await tabTo(page.locator('summary', { hasText: 'Languages' }));
    await keyboard.press('Enter');
    const only = page.getByRole('group', { name: 'Only these languages' });
    await tabTo(only.getByRole('textbox'));
    await keyboard.type('Rust');
    await keyboard.press('Enter');
    await tabTo(page.getByLabel('Find a repository'));
    const largest = page.getByRole('group', { name: 'Mirror chromium/chromium' });
    await tabTo(largest.getByRole('button', { name: 'Never' }));
    await tabTo(button(/^Start mirroring/));
    await keyboard.press('Enter');
    const argument = {
      ...defaultSelectionRules,
      forks: 'skip',
      askAboveKb: 500_000,
      languages: { only: ['Rust'], never: [] },
    };
    await expect.poll(() => setup.commands.at(-1)).toEqual({ name: 'saveSelection', argument });
    setup.set(makeSetupState());
    await page.locator('.state').waitFor();
  });
});
