/** @file States of set-up that the wizard has to deal with, and ways to it. */
import type { CheckItem } from '../../src-main/engine/core/engine-api.ts';
import type { SetupState } from '../../src-main/engine/core/setup-api.ts';
import { makeSetupState } from './scripted-setup.ts';
import type { WindowBench } from './window-bench.ts';

/** Nothing was set up yet. */
export function firstRun(change: Partial<SetupState> = {}): SetupState {
  return makeSetupState({
    step: 'github',
    isFirstRun: true,
    github: { kind: 'signed-out', error: null },
    target: null,
    ...change,
  });
}

/** Signed in, and no target yet. */
export function atTarget(change: Partial<SetupState> = {}): SetupState {
  return makeSetupState({ step: 'target', isFirstRun: true, target: null, ...change });
}

/** Only the choice of what to mirror is left. */
export function atSelection(change: Partial<SetupState> = {}): SetupState {
  return makeSetupState({ step: 'selection', isFirstRun: true, ...change });
}

export const codeShown = {
  kind: 'waiting',
  code: {
    userCode: 'WDJB-MJHT',
    verificationUri: 'https://github.com/login/device',
    expiresAt: Date.now() + 800_000,
  },
} as const satisfies SetupState['github'];

export const goodItems: readonly CheckItem[] = [
  { name: 'reached', state: 'ok', finding: 'https://onedev.example.org answers and is ready.', nextStep: null },
  { name: 'token', state: 'ok', finding: 'The token is valid, limited to some projects.', nextStep: null },
  { name: 'version', state: 'ok', finding: 'OneDev 16.5.6.', nextStep: null },
  { name: 'root', state: 'ok', finding: "Mirrors go below 'github' (id 7).", nextStep: null },
  { name: 'push', state: 'ok', finding: 'The token may push.', nextStep: null },
];

/** Opens the window as this state leads to it; `path` is the part behind `#`. */
export async function openWizard(bench: WindowBench, state: SetupState, path: string | null = null): Promise<void> {
  bench.setup.set(state);
  const { page } = bench;
  await page.goto(bench.web.host.urlWithToken);
  if (path !== null) await page.goto(`${bench.web.host.url}#${path}`);
  await page.getByRole('heading', { level: 1 }).waitFor();
}
