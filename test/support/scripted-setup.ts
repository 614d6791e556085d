/** @file A set-up that does what a test says, beside the scripted engine: states are set by hand, commands written down. */
import type { CheckItem, SelectionPreview } from '../../src-main/engine/core/engine-api.ts';
import type {
  GithubAccount,
  SelectionRules,
  SettingValue,
  Setup,
  SetupState,
  TargetCandidate,
  TargetSaving,
} from '../../src-main/engine/core/setup-api.ts';
import { type ConfigChange, planConfig, readConfigFile } from '../../src-main/engine/core/config-file.ts';
import { defaultSelectionRules } from '../../src-main/engine/domain/selection.ts';

export interface ScriptedSetupCommand {
  readonly name: string;
  readonly argument: unknown;
}

export const scriptedAccount: GithubAccount = {
  login: 'mona',
  host: 'github.com',
  tokenFrom: 'the sign-in here',
  scopes: [],
  expiresAt: null,
  limits: ['Private repositories that you starred cannot be read: that needs the scope repo.'],
};

export function makeSetupState(change: Partial<SetupState> = {}): SetupState {
  return {
    step: 'done',
    isFirstRun: false,
    github: { kind: 'signed-in', account: scriptedAccount },
    githubApiUrl: 'https://api.github.com',
    canUseDeviceFlow: true,
    target: { kind: 'onedev', address: 'https://onedev.example.org', root: 'github', hasToken: true },
    test: null,
    fixed: [],
    ...change,
  };
}

export function makePreview(change: Partial<SelectionPreview> = {}): SelectionPreview {
  return {
    repositories: 1_204,
    mirror: { count: 1_180, sizeKb: 41_000_000 },
    skip: { count: 20, sizeKb: 900_000 },
    ask: { count: 4, sizeKb: 12_000_000 },
    largest: [
      { githubId: 1, fullName: 'torvalds/linux', sizeKb: 5_400_000 },
      { githubId: 2, fullName: 'chromium/chromium', sizeKb: 4_100_000 },
    ],
    freeBytesHere: 120e9,
    freeBytesAtTarget: null,
    choices: {
      owners: [
        { value: 'microsoft', count: 40 },
        { value: 'torvalds', count: 2 },
      ],
      languages: [
        { value: 'TypeScript', count: 300 },
        { value: 'Rust', count: 200 },
        { value: '', count: 60 },
      ],
      topics: [{ value: 'cli', count: 90 }],
      lists: [{ value: 'Reading', count: 12 }],
    },
    ...change,
  };
}

export class ScriptedSetup implements Setup {
  readonly commands: ScriptedSetupCommand[] = [];
  readonly #listeners = new Set<(state: SetupState) => void>();
  #state: SetupState = makeSetupState();
  #items: readonly CheckItem[] = [{ name: 'reached', state: 'ok', finding: 'It answers.', nextStep: null }];
  #rules: SelectionRules = defaultSelectionRules;
  #preview: SelectionPreview = makePreview();
  #settings: readonly SettingValue[] = [];
  #unreadable: Error | null = null;
  /** Thrown by the next command, once. */
  #failure: Error | null = null;
  /** Waited for by the next command that asks something, once. */
  #held: Promise<void> | null = null;

  set(change: Partial<SetupState>): void {
    this.#state = { ...this.#state, ...change };
    const state = this.#state;
    queueMicrotask(() => this.#listeners.forEach((listener) => listener(state)));
  }

  /** What tests of targets find, what rules come to, and which settings there are. */
  prepare(change: {
    readonly items?: readonly CheckItem[];
    readonly preview?: SelectionPreview;
    readonly rules?: SelectionRules;
    readonly settings?: readonly SettingValue[];
  }): void {
    this.#items = change.items ?? this.#items;
    this.#preview = change.preview ?? this.#preview;
    this.#rules = change.rules ?? this.#rules;
    this.#settings = change.settings ?? this.#settings;
  }

  /** Why settings cannot be read; null: they can. */
  refuseSettings(error: Error | null): void {
    this.#unreadable = error;
  }

  failNext(error: Error): void {
    this.#failure = error;
  }

  /** The next command that asks something waits until the returned function is called. */
  holdNext(): () => void {
    let release = (): void => undefined;
    this.#held = new Promise((resolve) => {
      release = resolve;
    });
    return release;
  }

  async state(): Promise<SetupState> {
    return this.#state;
  }

  subscribe(listener: (state: SetupState) => void): () => void {
    const own = (state: SetupState): void => listener(state);
    this.#listeners.add(own);
    return () => {
      this.#listeners.delete(own);
    };
  }

  async beginDeviceFlow(options: { readonly apiUrl: string; readonly withPrivate: boolean }): Promise<void> {
    this.#take('beginDeviceFlow', options);
  }

  async cancelDeviceFlow(): Promise<void> {
    this.#take('cancelDeviceFlow');
  }

  async useGithubToken(options: { readonly apiUrl: string; readonly token: string }): Promise<GithubAccount> {
    await this.#ask('useGithubToken', options);
    return scriptedAccount;
  }

  async signOutGithub(): Promise<void> {
    this.#take('signOutGithub');
  }

  async testTarget(candidate: TargetCandidate): Promise<readonly CheckItem[]> {
    await this.#ask('testTarget', candidate);
    this.set({ test: { isRunning: false, items: this.#items } });
    return this.#items;
  }

  async saveTarget(candidate: TargetCandidate): Promise<TargetSaving> {
    await this.#ask('saveTarget', candidate);
    this.set({ test: { isRunning: false, items: this.#items } });
    return { saved: this.#items.every(({ state }) => state !== 'failed'), items: this.#items };
  }

  cancelTest(): void {
    this.#take('cancelTest');
  }

  async bootstrapTarget(options: Parameters<Setup['bootstrapTarget']>[0]) {
    await this.#ask('bootstrapTarget', options);
    return { saved: true, made: ["the role 'epicstar mirror'"], items: this.#items };
  }

  async selectionRules(): Promise<SelectionRules> {
    return this.#rules;
  }

  async previewSelection(rules: SelectionRules): Promise<SelectionPreview> {
    const preview = this.#preview;
    await this.#ask('previewSelection', rules);
    return preview;
  }

  async saveSelection(rules: SelectionRules): Promise<SelectionPreview> {
    this.#take('saveSelection', rules);
    this.#rules = rules;
    return this.#preview;
  }

  async settings(): Promise<readonly SettingValue[]> {
    if (this.#unreadable !== null) throw this.#unreadable;
    return this.#settings;
  }

  async changeSettings(change: Readonly<Record<string, string | null>>): Promise<void> {
    this.#take('changeSettings', change);
    this.#settings = this.#settings.map((setting) => {
      const text = change[setting.name];
      if (text === undefined) return setting;
      return { ...setting, text: text ?? setting.fallback, origin: text === null ? 'default' : 'file' };
    });
  }

  async exportSettings(): Promise<string> {
    return '{\n  "pollSeconds": "120"\n}\n';
  }

  async previewImport(text: string): Promise<readonly ConfigChange[]> {
    return planConfig({ rules: null, choices: { include: [], exclude: [7] } }, readConfigFile(text));
  }

  async importSettings(text: string): Promise<void> {
    this.#take('importSettings', text);
  }

  async stop(): Promise<void> {
    this.#take('stop');
  }

  async #ask(name: string, argument: unknown): Promise<void> {
    const held = this.#held;
    this.#held = null;
    this.#take(name, argument);
    await held;
  }

  #take(name: string, argument: unknown = null): void {
    this.commands.push({ name, argument });
    const failure = this.#failure;
    this.#failure = null;
    if (failure !== null) throw failure;
  }
}
