/** @file Set-up: signing in, choosing the target, the rules of what to mirror, and the settings. */
import { EpicstarError } from '../domain/errors.ts';
import type { GithubId } from '../domain/repository.ts';
import type { SelectionRules } from '../domain/selection.ts';
import type { Log } from '../ports/log.ts';
import type { CheckItem, MirrorTarget } from '../ports/mirror-target.ts';
import type { Secrets } from '../ports/secrets.ts';
import type { SettingsStore, SettingValue } from '../ports/settings.ts';
import type { OnedevBootstrap } from '../ports/sign-in.ts';
import type { GithubSignInFlow } from './github-sign-in.ts';
import type { SelectionControl } from './engine-api.ts';
import type { GithubAccount, SelectionPreview, Setup, SetupState, SetupStep, TargetCandidate } from './setup-api.ts';

export interface SetupParts {
  readonly secrets: Secrets;
  readonly settings: SettingsStore;
  readonly bootstrap: OnedevBootstrap;
  readonly log: Log;
  /** A target as the candidate describes it, apart from the one in use. Throws `config-invalid`, `insecure-address`. */
  readonly targetOf: (candidate: TargetCandidate, storedToken: string | null) => MirrorTarget;
  readonly selection: SelectionControl;
  /** Builds the engine anew from the settings as they are now. */
  readonly rebuild: () => Promise<void>;
  readonly credentialsChanged: () => Promise<void>;
  /** Made here, since signing in and the rest of set-up need each other. */
  readonly signIn: (hooks: {
    readonly onChanged: (apiUrl: string | null) => Promise<void>;
    readonly onState: () => void;
  }) => GithubSignInFlow;
}

export class SetupCore implements Setup {
  readonly #parts: SetupParts;
  readonly #signIn: GithubSignInFlow;
  readonly #listeners = new Set<(state: SetupState) => void>();

  constructor(parts: SetupParts) {
    this.#parts = parts;
    this.#signIn = parts.signIn({
      onChanged: (apiUrl) => this.#signedInOrOut(apiUrl),
      onState: () => this.#changed(),
    });
  }

  /** Once, before anything else: goes on where the last start ended. */
  async load(): Promise<void> {
    await this.#signIn.load(await this.#text('githubApiUrl'));
  }

  async state(): Promise<SetupState> {
    const values = await this.#parts.settings.list();
    const text = (name: string): string => values.find((value) => value.name === name)?.text ?? '';
    const target = targetOf(text);
    return {
      step: await this.#step(target !== null),
      github: this.#signIn.state,
      githubApiUrl: text('githubApiUrl'),
      canUseDeviceFlow: text('githubClientId') !== '',
      target,
      fixed: [
        ...values.filter(({ origin }) => origin === 'flag' || origin === 'environment').map(({ name }) => name),
        ...(await this.#fixedSecrets()),
      ],
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
    const stored = await this.#parts.secrets.read('onedev-token');
    return this.#parts.targetOf(candidate, stored).check(signal);
  }

  async saveTarget(candidate: TargetCandidate, signal: AbortSignal): Promise<readonly CheckItem[]> {
    const items = await this.testTarget(candidate, signal);
    if (items.some(({ state }) => state === 'failed')) return items;
    await this.#storeTarget(candidate);
    return items;
  }

  async bootstrapTarget(
    options: Parameters<Setup['bootstrapTarget']>[0],
    signal: AbortSignal,
  ): Promise<{ readonly made: readonly string[]; readonly items: readonly CheckItem[] }> {
    const { user, password, ...rest } = options;
    // Made first, so that an address that is refused is refused before the password is sent.
    this.#parts.targetOf({ kind: 'onedev', token: 'none yet', ...rest }, null);
    const { token, made } = await this.#parts.bootstrap.makeLimitedToken({ ...rest, user, password, signal });
    const items = await this.saveTarget({ kind: 'onedev', token, ...rest }, signal);
    return { made, items };
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

  choose(githubIds: readonly GithubId[], choice: 'include' | 'exclude' | null): Promise<number> {
    return this.#parts.selection.choose(githubIds, choice);
  }

  settings(): Promise<readonly SettingValue[]> {
    return this.#parts.settings.list();
  }

  async changeSettings(change: Readonly<Record<string, string | null>>): Promise<void> {
    const before = await this.#parts.settings.exportText();
    await this.#parts.settings.change(change);
    await this.#rebuildOr(before);
  }

  exportSettings(): Promise<string> {
    return this.#parts.settings.exportText();
  }

  async importSettings(text: string): Promise<void> {
    const before = await this.#parts.settings.exportText();
    await this.#parts.settings.importText(text);
    await this.#rebuildOr(before);
  }

  stop(): Promise<void> {
    return this.#signIn.stop();
  }

  /** Settings that no engine can be built with are put back, and the engine with them. */
  async #rebuildOr(before: string): Promise<void> {
    try {
      await this.#parts.rebuild();
    } catch (thrown) {
      await this.#parts.settings.importText(before);
      await this.#parts.rebuild();
      throw thrown;
    } finally {
      this.#changed();
    }
  }

  async #storeTarget(candidate: TargetCandidate): Promise<void> {
    const { secrets } = this.#parts;
    if (candidate.kind === 'folder') {
      await this.changeSettings({ target: 'folder', folder: candidate.folder });
      return;
    }
    if (candidate.token !== null) await secrets.write('onedev-token', candidate.token);
    const host = new URL(candidate.url).hostname;
    const allowed = (await this.#text('allowInsecure')).split(',').filter((name) => name !== '');
    await this.changeSettings({
      target: 'onedev',
      onedevUrl: candidate.url,
      onedevRoot: candidate.root,
      caFile: candidate.caFile,
      ...(candidate.allowInsecure && !allowed.includes(host) ? { allowInsecure: [...allowed, host].join(',') } : {}),
    });
  }

  async #signedInOrOut(apiUrl: string | null): Promise<void> {
    const current = await this.#text('githubApiUrl');
    if (apiUrl !== null && apiUrl !== current) await this.changeSettings({ githubApiUrl: apiUrl });
    await this.#parts.credentialsChanged();
    this.#changed();
  }

  async #step(hasTarget: boolean): Promise<SetupStep> {
    if (this.#signIn.state.kind !== 'signed-in') return 'github';
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

  #changed(): void {
    this.state().then(
      (state) => {
        for (const listener of this.#listeners) listener(state);
      },
      (error: unknown) => this.#parts.log.error('the state of set-up could not be told', { error }),
    );
  }
}

function targetOf(text: (name: string) => string): SetupState['target'] {
  if (text('target') === 'folder') {
    return text('folder') === '' ? null : { kind: 'folder', address: text('folder'), root: null };
  }
  if (text('onedevUrl') === '') return null;
  return { kind: 'onedev', address: text('onedevUrl'), root: text('onedevRoot') };
}
