/** @file Set-up: signing in, choosing the target, the rules of what to mirror, and the settings. */
import { EpicstarError, toEpicstarError } from '../domain/errors.ts';
import type { SelectionRules } from '../domain/selection.ts';
import type { SelectionPreview } from '../domain/selection-preview.ts';
import type { Log } from '../ports/log.ts';
import type { CheckItem, MirrorTarget } from '../ports/mirror-target.ts';
import type { Secrets } from '../ports/secrets.ts';
import type { SettingsStore, SettingValue } from '../ports/settings.ts';
import type { OnedevBootstrap } from '../ports/sign-in.ts';
import type { ConfigChange } from './config-file.ts';
import { exportConfig, importConfig, previewConfig } from './config-transfer.ts';
import type { SelectionControl } from './engine-api.ts';
import type { GithubSignInFlow } from './github-sign-in.ts';
import type { GithubAccount, Setup, SetupState, SetupStep, TargetCandidate, TargetSaving } from './setup-api.ts';
import { Turns } from './turns.ts';
import { isSameServer, refuseStrayTokens } from './stray-tokens.ts';

/** A target that is tried, with what it holds open. */
export interface TriedTarget {
  readonly target: MirrorTarget;
  readonly close: () => Promise<void>;
}

export interface SetupParts {
  readonly secrets: Secrets;
  readonly settings: SettingsStore;
  /** As the candidate's certificates and hosts want it. Throws `config-invalid`, `insecure-address`. */
  readonly bootstrapOf: (candidate: TargetCandidate) => OnedevBootstrap;
  readonly log: Log;
  /** A target as the candidate describes it, apart from the one in use. Throws `config-invalid`, `insecure-address`. */
  readonly targetOf: (candidate: TargetCandidate, storedToken: string | null) => TriedTarget;
  readonly selection: SelectionControl;
  /** Builds the engine anew from the settings as they are now. */
  readonly rebuild: () => Promise<void>;
  readonly credentialsChanged: () => Promise<void>;
  /** Made here, since signing in and the rest of set-up need each other. */
  readonly signIn: (hooks: {
    readonly beforeStored: (apiUrl: string) => Promise<void>;
    readonly onChanged: (apiUrl: string | null) => Promise<void>;
    readonly onState: () => void;
  }) => GithubSignInFlow;
}

export class SetupCore implements Setup {
  readonly #parts: SetupParts;
  readonly #signIn: GithubSignInFlow;
  readonly #listeners = new Set<(state: SetupState) => void>();
  /** Settings are changed, and the engine built anew, one after the other. */
  readonly #turns = new Turns();
  #test: { readonly isRunning: boolean; readonly items: readonly CheckItem[] } | null = null;
  #testing: AbortController | null = null;
  #telling: Promise<void> = Promise.resolve();

  constructor(parts: SetupParts) {
    this.#parts = parts;
    this.#signIn = parts.signIn({
      beforeStored: (apiUrl) => this.#prepareSignIn(apiUrl),
      onChanged: (apiUrl) => this.#signedInOrOut(apiUrl),
      onState: () => this.#changed(),
    });
  }

  /** Once, before anything else: goes on where the last start ended. */
  async load(): Promise<void> {
    await this.#signIn.load(await this.#text('githubApiUrl'));
  }

  async state(): Promise<SetupState> {
    const { secrets, settings, selection } = this.#parts;
    const values = await settings.list();
    const text = (name: string): string => values.find((value) => value.name === name)?.text ?? '';
    const hasToken = (await secrets.origin('onedev-token')) !== null;
    const target = describeTarget(text, hasToken);
    const step = await this.#step(target !== null && (target.kind === 'folder' || hasToken));
    return {
      step,
      isFirstRun: step !== 'done' && (await selection.isUntouched()),
      github: this.#signIn.state,
      githubApiUrl: this.#signIn.flowApiUrl ?? text('githubApiUrl'),
      canUseDeviceFlow: text('githubClientId') !== '',
      target,
      test: this.#test,
      fixed: [...values.filter(isDecidedOutside).map(({ name }) => name), ...(await this.#fixedSecrets())],
    };
  }

  subscribe(listener: (state: SetupState) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  async beginDeviceFlow(options: { readonly apiUrl: string; readonly withPrivate: boolean }): Promise<void> {
    const clientId = await this.#text('githubClientId');
    if (clientId === '') {
      throw new EpicstarError(
        'config-invalid',
        'No client id is set (EPICSTAR_GITHUB_CLIENT_ID); use a token instead.',
      );
    }
    await this.#signIn.begin({ ...options, clientId });
  }

  cancelDeviceFlow(): Promise<void> {
    return this.#signIn.cancel();
  }

  useGithubToken(options: { readonly apiUrl: string; readonly token: string }): Promise<GithubAccount> {
    return this.#signIn.useToken(options.apiUrl, options.token);
  }

  signOutGithub(): Promise<void> {
    return this.#signIn.signOut();
  }

  async testTarget(candidate: TargetCandidate, signal: AbortSignal): Promise<readonly CheckItem[]> {
    return this.#tested(signal, (own) => this.#check(candidate, own));
  }

  async saveTarget(candidate: TargetCandidate, signal: AbortSignal): Promise<TargetSaving> {
    return this.#tested(signal, (own) => this.#checkAndStore(candidate, own));
  }

  cancelTest(): void {
    this.#testing?.abort(new DOMException('the test was cancelled', 'AbortError'));
  }

  async bootstrapTarget(
    options: Parameters<Setup['bootstrapTarget']>[0],
    signal: AbortSignal,
  ): Promise<TargetSaving & { readonly made: readonly string[] }> {
    const { user, password, ...rest } = options;
    await this.#refuseFixedToken();
    return this.#tested(signal, async (own) => {
      const bootstrap = this.#parts.bootstrapOf({ kind: 'onedev', token: null, ...rest });
      const { token, made } = await bootstrap.makeLimitedToken({ ...rest, user, password, signal: own });
      return { made, ...(await this.#checkAndStore({ kind: 'onedev', token, ...rest }, own)) };
    });
  }

  selectionRules(): Promise<SelectionRules> {
    return this.#parts.selection.selectionRules();
  }

  previewSelection(rules: SelectionRules): Promise<SelectionPreview> {
    return this.#parts.selection.previewSelection(rules);
  }

  async saveSelection(rules: SelectionRules): Promise<SelectionPreview> {
    const preview = await this.#parts.selection.saveSelection(rules);
    this.#changed();
    return preview;
  }

  settings(): Promise<readonly SettingValue[]> {
    return this.#parts.settings.list();
  }

  changeSettings(change: Readonly<Record<string, string | null>>): Promise<void> {
    return this.#changeFile(() => this.#parts.settings.change(change), false);
  }

  exportSettings(): Promise<string> {
    return exportConfig(this.#parts);
  }

  previewImport(text: string): Promise<readonly ConfigChange[]> {
    return previewConfig(this.#parts, text);
  }

  async importSettings(text: string): Promise<void> {
    const { selection, settings } = this.#parts;
    await importConfig(text, selection, (own) => this.#changeFile(() => settings.importText(own), false));
    this.#changed();
  }

  async stop(): Promise<void> {
    this.cancelTest();
    await this.#signIn.stop();
  }

  /**
   * Settings that no engine can be built with are put back, and the engine with them.
   *
   * @param isTokenNew whether the token of a new address comes with it
   */
  #changeFile(change: () => Promise<void>, isTokenNew: boolean): Promise<void> {
    return this.#turns.take(async () => {
      const { settings } = this.#parts;
      const [before, valuesBefore] = await Promise.all([settings.exportText(), settings.list()]);
      await change();
      if ((await settings.exportText()) === before) return;
      if (!isTokenNew) {
        await this.#refuseStrayTokens(valuesBefore).catch(async (refusal: unknown) => {
          await settings.importText(before);
          throw refusal;
        });
      }
      try {
        await this.#parts.rebuild();
      } catch (thrown) {
        await this.#parts.settings.importText(before);
        await this.#parts.rebuild();
        throw thrown;
      } finally {
        this.#changed();
      }
    });
  }

  #refuseStrayTokens(before: readonly SettingValue[]): Promise<void> {
    return refuseStrayTokens(this.#parts.secrets, async (name) => ({
      from: before.find((value) => value.name === name)?.text ?? '',
      to: await this.#text(name),
    }));
  }

  /** One test at a time; a second one ends the first. */
  async #tested<T>(signal: AbortSignal, task: (signal: AbortSignal) => Promise<T>): Promise<T> {
    this.cancelTest();
    const controller = new AbortController();
    this.#testing = controller;
    this.#setTest({ isRunning: true, items: [] });
    try {
      return await task(AbortSignal.any([signal, controller.signal]));
    } finally {
      if (this.#testing === controller) {
        this.#testing = null;
        this.#setTest({ isRunning: false, items: this.#test?.items ?? [] });
      }
    }
  }

  async #check(candidate: TargetCandidate, signal: AbortSignal): Promise<readonly CheckItem[]> {
    const own = this.#testing;
    const { target, close } = this.#parts.targetOf(candidate, await this.#storedTokenFor(candidate));
    try {
      return await target.check(signal, (item) => {
        if (this.#testing === own) this.#setTest({ isRunning: true, items: [...(this.#test?.items ?? []), item] });
      });
    } finally {
      await close();
    }
  }

  /** A token that was stored for one server is not sent to another one. */
  async #storedTokenFor(candidate: TargetCandidate): Promise<string | null> {
    if (candidate.kind === 'folder' || candidate.token !== null) return null;
    const { secrets } = this.#parts;
    const stored = await secrets.read('onedev-token');
    if (stored === null || (await secrets.isFixed('onedev-token'))) return stored;
    const address = await this.#text('onedevUrl');
    if (isSameServer(address, candidate.url)) return stored;
    throw new EpicstarError(
      'config-invalid',
      'The stored OneDev token is of another server: enter one of this server.',
    );
  }

  async #checkAndStore(candidate: TargetCandidate, signal: AbortSignal): Promise<TargetSaving> {
    if (candidate.kind === 'onedev' && candidate.token !== null) await this.#refuseFixedToken();
    const items = await this.#check(candidate, signal);
    if (items.some(({ state }) => state === 'failed')) return { saved: false, items };
    await this.#storeTarget(candidate);
    return { saved: true, items };
  }

  async #refuseFixedToken(): Promise<void> {
    const { secrets } = this.#parts;
    if (!(await secrets.isFixed('onedev-token'))) return;
    const origin = await secrets.origin('onedev-token');
    throw new EpicstarError('config-invalid', `The OneDev token comes from ${origin}; change it there.`);
  }

  async #storeTarget(candidate: TargetCandidate): Promise<void> {
    const { secrets, selection } = this.#parts;
    await selection.awaitSelection();
    if (candidate.kind === 'folder') {
      await this.#changeUnfixed({ target: 'folder', folder: candidate.folder });
      return;
    }
    const url = new URL(candidate.url);
    const allowed = (await this.#text('allowInsecure')).split(',').filter((name) => name !== '');
    const isNewlyAllowed = candidate.allowInsecure && url.protocol === 'http:' && !allowed.includes(url.hostname);
    const before = await secrets.read('onedev-token');
    if (candidate.token !== null) await secrets.write('onedev-token', candidate.token);
    try {
      await this.#changeUnfixed({
        target: 'onedev',
        onedevUrl: candidate.url,
        onedevRoot: candidate.root,
        caFile: candidate.caFile,
        ...(isNewlyAllowed ? { allowInsecure: [...allowed, url.hostname].join(',') } : {}),
      });
    } catch (thrown) {
      // The old address goes on with the old token.
      if (candidate.token !== null) await secrets.write('onedev-token', before);
      throw thrown;
    }
    await this.#parts.credentialsChanged();
  }

  /** What is decided outside may be named as it is; then nothing of it is written. */
  async #changeUnfixed(change: Readonly<Record<string, string | null>>): Promise<void> {
    const values = await this.#parts.settings.list();
    const isSame = (name: string, text: string | null): boolean =>
      values.some((value) => value.name === name && value.text === (text ?? value.fallback));
    const entries = Object.entries(change).filter(([name, text]) => !isSame(name, text));
    await this.#changeFile(() => this.#parts.settings.change(Object.fromEntries(entries)), true);
  }

  /** A token is stored only where it would be sent to the GitHub that it is of, and nothing is mirrored unasked. */
  async #prepareSignIn(apiUrl: string): Promise<void> {
    const { settings, selection } = this.#parts;
    const address = (await settings.list()).find(({ name }) => name === 'githubApiUrl');
    if (address !== undefined && address.text !== apiUrl && isDecidedOutside(address)) {
      const place = address.origin === 'flag' ? 'a flag' : address.variable;
      throw new EpicstarError('config-invalid', `githubApiUrl comes from ${place}; change it there.`);
    }
    await selection.awaitSelection();
  }

  async #signedInOrOut(apiUrl: string | null): Promise<void> {
    const current = await this.#text('githubApiUrl');
    if (apiUrl !== null && apiUrl !== current) {
      await this.#changeFile(() => this.#parts.settings.change({ githubApiUrl: apiUrl }), true);
    }
    await this.#parts.credentialsChanged();
    this.#changed();
  }

  async #step(hasTarget: boolean): Promise<SetupStep> {
    if (!this.#signIn.isSignedIn) return 'github';
    if (!hasTarget) return 'target';
    return (await this.#parts.selection.awaitsSelection()) ? 'selection' : 'done';
  }

  async #fixedSecrets(): Promise<readonly string[]> {
    const names = ['github-token', 'onedev-token'] as const;
    const fixed = await Promise.all(names.map((name) => this.#parts.secrets.isFixed(name)));
    return names.filter((_, index) => fixed[index]);
  }

  async #text(name: string): Promise<string> {
    return (await this.#parts.settings.list()).find((value) => value.name === name)?.text ?? '';
  }

  #setTest(test: SetupState['test']): void {
    this.#test = test;
    this.#changed();
  }

  /** States are read one after the other, so that listeners never hear an older one last. */
  #changed(): void {
    this.#telling = this.#telling.then(async () => {
      if (this.#listeners.size === 0) return;
      try {
        const state = await this.state();
        for (const listener of this.#listeners) listener(state);
      } catch (thrown) {
        const { code, message } = toEpicstarError(thrown);
        this.#parts.log.error('the state of set-up could not be told', { code, message });
      }
    });
  }
}

function isDecidedOutside({ origin }: SettingValue): boolean {
  return origin === 'flag' || origin === 'environment';
}

function describeTarget(text: (name: string) => string, hasToken: boolean): SetupState['target'] {
  if (text('target') === 'folder') {
    return text('folder') === '' ? null : { kind: 'folder', address: text('folder'), root: null, hasToken: false };
  }
  if (text('onedevUrl') === '') return null;
  return { kind: 'onedev', address: text('onedevUrl'), root: text('onedevRoot'), hasToken };
}
