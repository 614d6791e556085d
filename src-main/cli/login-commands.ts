/** @file `epicstar login github` and `epicstar login onedev`: signing in from the terminal, beside a running program too. */
import { type CheckItem, EpicstarError, type ErrorRecord, errorSpecs } from '../engine/core/engine-api.ts';
import type { DeviceCode, GithubAccount, Setup, SetupState, TargetSaving } from '../engine/core/setup-api.ts';
import type { ApplicationHost, Terminal } from './application.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { formatTime, printable } from './texts.ts';

export interface GithubLoginOptions {
  readonly dataDir: string | undefined;
  readonly json: boolean;
  /** Reads a token from stdin in place of the device flow. */
  readonly withToken: boolean;
  /** Asks for private stars too. */
  readonly withPrivate: boolean;
  /** Web or API address of a GitHub; undefined: the one of the settings. */
  readonly host: string | undefined;
}

export interface OnedevLoginOptions {
  readonly dataDir: string | undefined;
  readonly json: boolean;
  /** Undefined, here and below: as in the settings. */
  readonly url: string | undefined;
  readonly root: string | undefined;
  /** Absolute. */
  readonly caFile: string | undefined;
  readonly allowInsecure: boolean;
  /** Who makes parent project, role and token; undefined: a token is read from stdin. */
  readonly admin: string | undefined;
}

const withoutClientId = [
  'No client id is set, without which GitHub gives out no code to sign in with.',
  'Register an OAuth app or a GitHub App on GitHub, enable its device flow, and set EPICSTAR_GITHUB_CLIENT_ID to its client id.',
  'Or make a personal access token on GitHub and hand it over: epicstar login github --with-token < FILE',
] as const;

/** Signs in by device flow or by a token from stdin. Rejects where GitHub or the person says no. */
export function loginGithub(host: ApplicationHost, terminal: Terminal, options: GithubLoginOptions): Promise<ExitCode> {
  return withSetup(host, options, async (setup) => {
    const state = await setup.state();
    const apiUrl = githubUrl(state, options.host);
    if (state.fixed.includes('github-token')) {
      throw new EpicstarError(
        'config-invalid',
        'The GitHub token comes from outside (EPICSTAR_GITHUB_TOKEN, its _FILE, or a systemd credential); change it there.',
      );
    }
    if (!options.withToken && !state.canUseDeviceFlow) {
      const error = new EpicstarError('config-invalid', withoutClientId.join(' '));
      if (options.json) terminal.out(JSON.stringify({ error: error.toRecord() }, null, 2));
      for (const line of withoutClientId) terminal.err(line);
      return exitCodes.usage;
    }
    const account = options.withToken
      ? await signInByToken(setup, terminal, apiUrl)
      : await signInByCode(setup, terminal, { apiUrl, withPrivate: options.withPrivate }, options.json);
    if (options.json) terminal.out(JSON.stringify({ account }, null, 2));
    else for (const line of accountLines(account)) terminal.out(line);
    return exitCodes.well;
  });
}

/** Tests a OneDev as a mirror target, each finding told as it is made, and stores it where nothing failed. */
export function loginOnedev(host: ApplicationHost, terminal: Terminal, options: OnedevLoginOptions): Promise<ExitCode> {
  return withSetup(host, options, async (setup) => {
    const texts = new Map((await setup.settings()).map(({ name, text }) => [name, text]));
    const target = {
      url: options.url ?? texts.get('onedevUrl') ?? '',
      root: options.root ?? texts.get('onedevRoot') ?? '',
      caFile: options.caFile ?? emptyToNull(texts.get('caFile') ?? ''),
      allowInsecure: options.allowInsecure,
    };
    if (target.url === '') throw new EpicstarError('config-invalid', 'Name the address of OneDev with --url.');
    const findings = new Findings(terminal, options.json);
    const stopListening = setup.subscribe(({ test }) => findings.tell(test?.items ?? []));
    let saving: TargetSaving & { readonly made: readonly string[] };
    try {
      saving = await saveOnedev(setup, terminal, target, options.admin);
    } finally {
      stopListening();
    }
    findings.tell(saving.items);
    const { saved, items, made } = saving;
    if (options.json) {
      terminal.out(JSON.stringify({ saved, items, made }, null, 2));
      return saved ? exitCodes.well : exitCodes.usage;
    }
    for (const what of made) terminal.out(`made     ${printable(what)}`);
    terminal.out(
      saved
        ? `Saved. Mirrors go to ${printable(target.url)}, below ${printable(target.root)}. An epicstar that runs goes on with it after its next start.`
        : 'Nothing was saved.',
    );
    return saved ? exitCodes.well : exitCodes.usage;
  });
}

async function withSetup(
  host: ApplicationHost,
  options: { readonly dataDir: string | undefined },
  work: (setup: Setup) => Promise<ExitCode>,
): Promise<ExitCode> {
  const opened = await host.openSetup({ dataDir: options.dataDir });
  try {
    return await work(opened.setup);
  } finally {
    await opened.close();
  }
}

function githubUrl({ githubApiUrl, fixed }: SetupState, wanted: string | undefined): string {
  if (wanted === undefined) return githubApiUrl;
  const url = /^https?:\/\//i.test(wanted) ? wanted : `https://${wanted}`;
  if (fixed.includes('githubApiUrl') && url !== githubApiUrl) {
    throw new EpicstarError(
      'config-invalid',
      'GitHub’s address comes from EPICSTAR_GITHUB_API_URL; change it there, or leave out --host.',
    );
  }
  return url;
}

async function signInByToken(setup: Setup, terminal: Terminal, apiUrl: string): Promise<GithubAccount> {
  const token = await terminal.readSecret('GitHub token:');
  return untilInterrupted(setup.useGithubToken({ apiUrl, token }), terminal.interrupted);
}

async function signInByCode(
  setup: Setup,
  terminal: Terminal,
  options: Parameters<Setup['beginDeviceFlow']>[0],
  json: boolean,
): Promise<GithubAccount> {
  const news = new News(setup);
  try {
    // Until it has begun the state may still tell of an earlier sign-in; afterwards what it tells is this one's.
    await setup.beginDeviceFlow(options);
    const say = (line: string): void => (json ? terminal.err(line) : terminal.out(line));
    const end = await untilInterrupted(followFlow(setup, news, say, terminal.isInteractive), terminal.interrupted);
    // What follows the sign-in, such as a new address in the settings, ends before anything is said of it.
    await setup.stop();
    const { github } = await setup.state();
    if (end.kind === 'signed-in' && github.kind === 'signed-in') return github.account;
    throw errorOf(github.kind === 'signed-out' ? github.error : null);
  } catch (thrown) {
    if (terminal.interrupted.aborted) await setup.cancelDeviceFlow();
    throw thrown;
  } finally {
    news.stop();
  }
}

/** Resolves with the state in which the flow ended. */
async function followFlow(
  setup: Setup,
  news: News,
  say: (line: string) => void,
  isBold: boolean,
): Promise<SetupState['github']> {
  let saidCode: string | null = null;
  for (;;) {
    const { github } = await setup.state();
    if (github.kind === 'signed-in' || github.kind === 'signed-out') return github;
    if (github.kind === 'waiting' && github.code.userCode !== saidCode) {
      saidCode = github.code.userCode;
      for (const line of codeLines(github.code, isBold)) say(line);
    }
    await news.next();
  }
}

function codeLines({ userCode, verificationUri, expiresAt }: DeviceCode, isBold: boolean): readonly string[] {
  const code = printable(userCode);
  return [
    'Enter this code',
    '',
    `    ${isBold ? `\u001B[1m${code}\u001B[22m` : code}`,
    '',
    `on ${printable(verificationUri)}`,
    `It can be used until ${formatTime(expiresAt)} UTC. Waiting; Ctrl+C ends it.`,
  ];
}

function accountLines({ login, host, tokenFrom, scopes, expiresAt, limits }: GithubAccount): readonly string[] {
  return [
    `Signed in to ${printable(host)} as ${printable(login)} (${printable(tokenFrom)}).`,
    ...(expiresAt === null ? [] : [`The token is good until ${formatTime(expiresAt)} UTC; it is renewed before.`]),
    ...limits.map(printable),
    ...(scopes === null ? ['This kind of token does not tell what it may do.'] : []),
  ];
}

interface OnedevWanted {
  readonly url: string;
  readonly root: string;
  readonly caFile: string | null;
  readonly allowInsecure: boolean;
}

async function saveOnedev(
  setup: Setup,
  terminal: Terminal,
  target: OnedevWanted,
  admin: string | undefined,
): Promise<TargetSaving & { readonly made: readonly string[] }> {
  const { fixed } = await setup.state();
  if (admin !== undefined) {
    const password = await terminal.readSecret(`Password of ${printable(admin)} on OneDev:`);
    return setup.bootstrapTarget({ ...target, user: admin, password }, terminal.interrupted);
  }
  // A token from outside cannot be replaced here; it is tested as it is.
  const token = fixed.includes('onedev-token') ? null : await terminal.readSecret('OneDev token:');
  return { ...(await setup.saveTarget({ kind: 'onedev', ...target, token }, terminal.interrupted)), made: [] };
}

/** Prints each finding once, as soon as it is known. */
class Findings {
  readonly #terminal: Terminal;
  readonly #isQuiet: boolean;
  #told = 0;

  constructor(terminal: Terminal, isQuiet: boolean) {
    this.#terminal = terminal;
    this.#isQuiet = isQuiet;
  }

  tell(items: readonly CheckItem[]): void {
    if (this.#isQuiet) return;
    for (const { state, name, finding, nextStep } of items.slice(this.#told)) {
      const mark = { ok: 'ok     ', warning: 'warning', failed: 'FAILED ' }[state];
      const next = nextStep === null ? '' : ` ${printable(nextStep)}`;
      this.#terminal.out(`${mark}  ${name}: ${printable(finding)}${next}`);
    }
    this.#told = Math.max(this.#told, items.length);
  }
}

/** Tells when the state of set-up may have changed. What happens between two questions is not lost. */
class News {
  readonly stop: () => void;
  #isNew = false;
  #wake: (() => void) | null = null;

  constructor(setup: Setup) {
    this.stop = setup.subscribe(() => {
      this.#isNew = true;
      this.#wake?.();
    });
  }

  async next(): Promise<void> {
    if (!this.#isNew) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    this.#isNew = false;
    this.#wake = null;
  }
}

function untilInterrupted<T>(work: Promise<T>, interrupted: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const end = (): void => reject(new EpicstarError('cancelled', ''));
    if (interrupted.aborted) end();
    interrupted.addEventListener('abort', end, { once: true });
    void work.then(resolve, reject).finally(() => interrupted.removeEventListener('abort', end));
  });
}

function emptyToNull(text: string): string | null {
  return text === '' ? null : text;
}

function errorOf(record: ErrorRecord | null): EpicstarError {
  if (record === null) return new EpicstarError('cancelled', 'Somebody else ended the sign-in.');
  const { cause } = errorSpecs[record.code];
  const detail = record.message.startsWith(cause) ? record.message.slice(cause.length).trim() : record.message;
  return new EpicstarError(record.code, detail, { data: record.data });
}
