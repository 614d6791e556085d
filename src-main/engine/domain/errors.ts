/**
 * @file The closed set of things that go wrong, each with one cause and one next step. Adapters translate foreign
 * errors into these at their edge; core and the faces of the product decide by `code` alone.
 */
import type { Instant } from './repository.ts';

/** What a person can press or do about an error. */
export type NextAction =
  | 'wait'
  | 'retry'
  | 'sign-in-github'
  | 'sign-in-target'
  | 'open-settings'
  | 'grant-right'
  | 'free-disk'
  | 'resolve-clash'
  | 'follow-loss'
  | 'mirror-builds'
  | 'install-git'
  | 'report';

/** Whether trying again without a person can help, and how the runner should treat it. */
export type ErrorKind = 'transient' | 'wait' | 'permanent' | 'signed-out' | 'cancelled';

interface ErrorSpec {
  readonly cause: string;
  readonly nextStep: string;
  readonly action: NextAction;
  readonly kind: ErrorKind;
}

function spec(kind: ErrorKind, cause: string, nextStep: string, action: NextAction): ErrorSpec {
  return { kind, cause, nextStep, action };
}

/** One row a code: the cause in a sentence, and the one next step. */
export const errorSpecs = {
  'github-sign-in-ended': spec('signed-out', 'The sign-in was not finished.', 'Begin it again.', 'sign-in-github'),
  'github-signed-out': spec(
    'signed-out',
    'GitHub does not accept the token.',
    'Sign in to GitHub again.',
    'sign-in-github',
  ),
  'github-scope-missing': spec(
    'permanent',
    'The GitHub token may not do this.',
    'Sign in with a token that has the permission named here.',
    'sign-in-github',
  ),
  'github-rate-limited': spec('wait', "GitHub's rate limit is used up.", 'Wait until the time named here.', 'wait'),
  'github-blocked': spec(
    'permanent',
    'GitHub has blocked access to this repository.',
    'Nothing can be fetched; what was mirrored stays. Read the notice.',
    'wait',
  ),
  'github-gone': spec(
    'permanent',
    'GitHub does not know this repository any more, or the token may not see it.',
    'Nothing can be fetched; what was mirrored stays.',
    'wait',
  ),
  'github-moved': spec('transient', 'The repository was renamed or transferred.', 'Look again.', 'retry'),
  'github-unavailable': spec('transient', 'GitHub does not answer.', 'It is tried again by itself.', 'wait'),
  'github-unexpected': spec(
    'transient',
    'GitHub answered with something that was not expected.',
    'Check the GitHub address in the settings; if it is right, report this.',
    'report',
  ),
  'target-not-set': spec(
    'signed-out',
    'It was not chosen yet where mirrors go.',
    'Choose OneDev or a folder in the settings.',
    'sign-in-target',
  ),
  'target-signed-out': spec(
    'signed-out',
    'The mirror server does not accept the token.',
    'Enter a valid access token for it.',
    'sign-in-target',
  ),
  'target-right-missing': spec(
    'permanent',
    'The token lacks a right on the mirror server.',
    'Grant the right named here.',
    'grant-right',
  ),
  'target-token-limited': spec(
    'signed-out',
    'The token lacks a right that every mirror needs.',
    'Grant the right named here, or use another token.',
    'sign-in-target',
  ),
  'target-starting': spec('wait', 'The mirror server is starting.', 'It is tried again by itself.', 'wait'),
  'target-unavailable': spec(
    'transient',
    'The mirror server does not answer.',
    'Check that it runs and that its address is right; it is tried again by itself.',
    'wait',
  ),
  'target-unexpected': spec(
    'transient',
    'The mirror server answered with something that was not expected.',
    'Check its address in the settings; if it is right, report this.',
    'report',
  ),
  'target-name-clash': spec(
    'permanent',
    'Another project that is not a mirror of this repository has its place.',
    'Rename or remove that project, or choose in the settings what is done about such a clash.',
    'resolve-clash',
  ),
  'target-project-missing': spec(
    'permanent',
    'The mirror server does not have the project of this mirror any more.',
    'Mirror it again while upstream has it.',
    'retry',
  ),
  'target-project-in-use': spec(
    'permanent',
    'The project of the mirror holds more than the mirror.',
    'Look at it there, and move what is yours elsewhere first.',
    'resolve-clash',
  ),
  'target-name-unfit': spec(
    'permanent',
    'The name does not fit the mirror server.',
    'Choose a shorter root.',
    'open-settings',
  ),
  'target-duplicate-root': spec(
    'permanent',
    'The mirror server has several projects with the path of the root.',
    'Remove or rename the empty ones there, or choose another root.',
    'resolve-clash',
  ),
  'git-missing': spec('permanent', 'No usable git was found.', 'Install git 2.32 or newer.', 'install-git'),
  'git-auth-refused': spec(
    'transient',
    'git was refused access.',
    'Check the token; it is tried again by itself.',
    'retry',
  ),
  'git-not-found': spec('transient', 'git did not find the repository.', 'It is looked up again by itself.', 'retry'),
  'git-network': spec('transient', 'The connection of git broke.', 'It is tried again by itself.', 'wait'),
  'git-stalled': spec('transient', 'git received nothing for too long.', 'It is tried again by itself.', 'wait'),
  'git-push-rejected': spec(
    'transient',
    'The mirror server refused refs.',
    'Read its words below; branch protection on the mirror is a common cause.',
    'open-settings',
  ),
  'git-corrupt': spec(
    'transient',
    'The local cache of this repository is damaged.',
    'It is dropped and fetched again by itself.',
    'retry',
  ),
  'git-remote-damaged': spec(
    'transient',
    'The server cannot give what it lists: its copy of the repository may be damaged.',
    'Look after that server; it is tried again by itself.',
    'retry',
  ),
  'git-failed': spec('transient', 'git failed.', 'Read its words below; it is tried again by itself.', 'retry'),
  'mirror-differs': spec(
    'transient',
    'After the push the mirror still differs from GitHub.',
    'It is tried again by itself.',
    'retry',
  ),
  'mirror-missing': spec(
    'permanent',
    'The mirror is not on the mirror server any more.',
    'Mirror it again; what is still on GitHub is made anew.',
    'retry',
  ),
  'mirror-damaged': spec(
    'permanent',
    'A restore was tried and did not go well.',
    'Its details say what was found. What is still on GitHub is mirrored anew once its project on the mirror server is renamed or removed; then try the restore again.',
    'resolve-clash',
  ),
  'source-shrunk': spec(
    'permanent',
    'Upstream lost most of its branches and tags at once.',
    'Look at it on GitHub. Then follow it (what it lost is kept), or leave the mirror as it is.',
    'follow-loss',
  ),
  'builds-held': spec(
    'permanent',
    'It brings a definition of builds, which the mirror server may run as soon as it arrives.',
    'Mirror it with its build definition, best after every job executor there was kept from mirrors; or leave it out.',
    'mirror-builds',
  ),
  'source-emptied': spec(
    'permanent',
    'GitHub shows this repository without any branch now. The mirror was left as it is.',
    'Look at it on GitHub; what was mirrored stays.',
    'wait',
  ),
  'disk-full': spec('wait', 'The disk is full.', 'Free some space; work goes on by itself.', 'free-disk'),
  'target-disk-full': spec(
    'wait',
    'The disk of the mirrors is full.',
    'Free some space there; work goes on by itself.',
    'free-disk',
  ),
  offline: spec('wait', 'This computer has no network.', 'Work goes on when it is back.', 'wait'),
  'proxy-unusable': spec(
    'transient',
    'The proxy of this computer cannot be used.',
    "Check the proxy in the system's settings, or HTTPS_PROXY; it is tried again by itself.",
    'wait',
  ),
  'insecure-address': spec(
    'permanent',
    'A plain http address or path that is not on this computer is not allowed.',
    'Use https, or name the host in EPICSTAR_ALLOW_INSECURE.',
    'open-settings',
  ),
  'config-invalid': spec('permanent', 'A setting is wrong.', 'Correct the setting named here.', 'open-settings'),
  'data-dir-locked': spec(
    'permanent',
    'Another epicstar uses this data directory.',
    'End the other one, or choose another data directory with --data-dir.',
    'open-settings',
  ),
  'database-newer': spec(
    'permanent',
    'The database was written by a newer epicstar.',
    'Install that version or newer; the database was not touched.',
    'open-settings',
  ),
  'database-damaged': spec(
    'permanent',
    'The database cannot be read.',
    'Move it away; a new one finds the mirrors again. It was not touched.',
    'open-settings',
  ),
  cancelled: spec('cancelled', 'It was cancelled.', 'Start it again when you like.', 'retry'),
  internal: spec('transient', 'Something inside epicstar failed.', 'Report this with the log.', 'report'),
} as const satisfies Record<string, ErrorSpec>;

export type ErrorCode = keyof typeof errorSpecs;

export interface ErrorData {
  /** When trying again makes sense. */
  readonly until?: Instant;
  /** HTTP status that led here. */
  readonly status?: number;
  /** Right or scope that is missing, in the words of the service. */
  readonly right?: string;
  /** Notice or page to read. */
  readonly noticeUrl?: string;
  /** True: it concerns this repository alone, though others may meet the same error. */
  readonly concernsOne?: boolean;
  /** Bytes that were free where there was too little room; left out: nobody told. */
  readonly freeBytes?: number;
  /** Bytes that have to be free there, about. */
  readonly neededBytes?: number;
  /** Current name of a repository that moved. */
  readonly fullName?: string;
  /** Why GitHub blocked it: `dmca`, `tos`, … */
  readonly blockReason?: string;
  /** Whole output of git, already redacted, for the detail view only. */
  readonly output?: string;
}

/** An error as it crosses to the store, the log and the window: plain JSON. */
export interface ErrorRecord {
  readonly code: ErrorCode;
  readonly message: string;
  readonly nextStep: string;
  readonly action: NextAction;
  readonly data: ErrorData;
}

/**
 * The only error class that crosses a port. `detail` says what exactly was wrong, in one sentence without secrets.
 */
export class EpicstarError extends Error {
  override readonly name = 'EpicstarError';
  readonly code: ErrorCode;
  readonly detail: string;
  readonly data: ErrorData;
  /** What there is to do, where what is usual after such an error does not hold. */
  readonly nextStep: string;

  constructor(
    code: ErrorCode,
    detail: string,
    options: { readonly cause?: unknown; readonly data?: ErrorData; readonly nextStep?: string } = {},
  ) {
    super(
      detail === '' ? errorSpecs[code].cause : `${errorSpecs[code].cause} ${detail}`,
      options.cause === undefined ? {} : { cause: options.cause },
    );
    this.code = code;
    this.detail = detail;
    this.data = options.data ?? {};
    this.nextStep = options.nextStep ?? errorSpecs[code].nextStep;
  }

  get kind(): ErrorKind {
    return errorSpecs[this.code].kind;
  }

  toRecord(): ErrorRecord {
    const { action } = errorSpecs[this.code];
    return { code: this.code, message: this.message, nextStep: this.nextStep, action, data: this.data };
  }
}

/** What one of ours was wrapped into on its way through a library, found again. */
export function epicstarErrorIn(thrown: unknown): EpicstarError | null {
  let current = thrown;
  for (let depth = 0; depth < 8 && current instanceof Error; depth += 1) {
    if (current instanceof EpicstarError) return current;
    current = current.cause;
  }
  return null;
}

/** Turns whatever was thrown into a member of the closed set; what is not one already is `internal`. */
export function toEpicstarError(thrown: unknown): EpicstarError {
  if (thrown instanceof EpicstarError) return thrown;
  if (thrown instanceof Error && thrown.name === 'AbortError') {
    return new EpicstarError('cancelled', '', { cause: thrown });
  }
  const detail = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
  return new EpicstarError('internal', detail, { cause: thrown });
}
