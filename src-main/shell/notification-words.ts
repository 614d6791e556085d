/**
 * @file What notifications say, what can be pressed on them, and where a click leads. Words of our own alone: details of
 * errors, which others may have worded, stay in the window. Pure.
 */
import { plainLine } from '../bridge/plain-text.ts';
import type { Condition, NotificationItem, NotificationKind, Pending } from './notification-state.ts';
import type { TrayAction } from './tray-view.ts';

/** What tray and notifications can have done. */
export type ShellAction =
  | TrayAction
  | { readonly kind: 'mirror'; readonly githubIds: readonly number[] }
  | { readonly kind: 'choose'; readonly githubId: number; readonly choice: 'include' | 'later' | 'exclude' };

export interface NotificationView {
  readonly kind: NotificationKind;
  /** Plain text of at most 120 characters. */
  readonly title: string;
  /** Plain text of at most 250 characters. */
  readonly body: string;
  /** Buttons, where the system shows any; a click on the notification itself always leads somewhere useful. */
  readonly actions: readonly { readonly label: string; readonly action: ShellAction }[];
  readonly click: ShellAction;
  /** How many things it tells of. */
  readonly count: number;
}

const mostTitleChars = 120;
const mostBodyChars = 250;
const mostNameChars = 80;
const namesTold = 3;

const openWindow: ShellAction = { kind: 'open', place: '/' };
const openButton = { label: 'Open', action: openWindow } as const;

/** One line that no notification service takes for markup. */
function plain(text: string, maxChars: number): string {
  return plainLine(text, maxChars).replaceAll('<', '‹').replaceAll('>', '›').replaceAll('&', '＆');
}

export function makeNotification(
  kind: NotificationKind,
  title: string,
  body: string,
  rest: Partial<Pick<NotificationView, 'actions' | 'click' | 'count'>> = {},
): NotificationView {
  return {
    kind,
    title: plain(title, mostTitleChars),
    body: plain(body, mostBodyChars),
    actions: [openButton],
    click: openWindow,
    count: 1,
    ...rest,
  };
}

function nameOf({ name }: NotificationItem): string {
  return plainLine(name, mostNameChars);
}

/** `a, b, c and 4 others` */
function namesOf({ items, count }: Pending): string {
  const named = items.slice(0, namesTold).map(nameOf);
  const others = count - named.length;
  const last = others > 0 ? `${others} ${others === 1 ? 'other' : 'others'}` : named.pop();
  return named.length === 0 ? (last ?? '') : `${named.join(', ')} and ${last}`;
}

interface Words {
  readonly title: string;
  readonly body: string;
}

const needWords: Readonly<Record<string, Words>> = {
  'sign-in-github': {
    title: 'Sign in to GitHub',
    body: 'GitHub does not accept the token any more. Nothing new is mirrored until you sign in.',
  },
  'sign-in-target': {
    title: 'The mirror server needs a token',
    body: 'It does not accept the one it is given. Nothing is mirrored until it has another.',
  },
  'grant-right': {
    title: 'A right is missing',
    body: 'The token may not do all that a mirror needs. Open epicstar to see which right to grant.',
  },
  'free-disk': { title: 'The disk is full', body: 'Free some space; work goes on by itself.' },
  'resolve-clash': {
    title: 'A project is in the way',
    body: 'Another project has the place of a mirror. Open epicstar to see which one.',
  },
  'install-git': { title: 'git is missing', body: 'Install git 2.32 or newer; nothing is mirrored without it.' },
};

/** Of one repository, by what is needed. */
const needyWords: Readonly<Record<string, string>> = {
  'sign-in-github': 'The GitHub token may not read it. Open it to see what the token needs.',
  'grant-right': 'The token lacks a right on the mirror server. Open it to see which one.',
  'mirror-builds': 'It brings a definition of builds that the mirror server may run. It waits for your word.',
  'follow-loss': 'It lost most of its branches and tags at once. Its mirror stays as it is until you say otherwise.',
};
const needyOtherwise = 'It cannot be mirrored before something is put right. Open it to see what.';

const otherNeed: Words = {
  title: 'epicstar needs you',
  body: 'Something has to be put right. Open epicstar to see what.',
};
const targetNotSet: Words = {
  title: 'Choose where mirrors go',
  body: 'Nothing is mirrored until OneDev or a folder is chosen.',
};

const targetDiskFull: Words = {
  title: 'The disk of the mirrors is full',
  body: 'Free some space where the mirrors are; work goes on by itself.',
};

function wordsOf({ code, action }: Pick<Condition, 'code' | 'action'>): Words {
  if (code === 'target-disk-full') return targetDiskFull;
  return code === 'target-not-set' ? targetNotSet : (needWords[action] ?? otherNeed);
}

/** The button that helps, and where a click leads then. */
function helpOf(action: string): Pick<NotificationView, 'actions' | 'click'> {
  if (action === 'sign-in-github' || action === 'sign-in-target') {
    const place = action === 'sign-in-github' ? '/setup/github' : '/setup/target';
    const click: ShellAction = { kind: 'open', place };
    return { actions: [{ label: action === 'sign-in-github' ? 'Sign in' : 'Set up', action: click }], click };
  }
  if (action === 'open-settings') {
    const click: ShellAction = { kind: 'open', place: '/settings' };
    return { actions: [{ label: 'Settings', action: click }], click };
  }
  return { actions: [openButton], click: openWindow };
}

/** Of what holds until a person does something, and of repositories that each need the same. */
export function describeNeeds(
  kind: NotificationKind,
  conditions: readonly Condition[],
  repositories: Pending | undefined,
): NotificationView | null {
  const [first, ...others] = conditions;
  const count = conditions.length + (repositories?.count ?? 0);
  if (first === undefined) return repositories === undefined ? null : describeNeedy(kind, repositories);
  const { title, body } = wordsOf(first);
  const also = [
    ...others.map((one) => wordsOf(one).title),
    ...(repositories === undefined ? [] : [describeNeedy(kind, repositories).title]),
  ];
  const rest = also.length === 0 ? '' : ` Also: ${also.join('; ')}.`;
  return makeNotification(kind, title, `${body}${rest}`, { ...helpOf(first.action), count });
}

function describeNeedy(kind: NotificationKind, pending: Pending): NotificationView {
  const [item] = pending.items;
  if (pending.count === 1 && item !== undefined) {
    return makeNotification(kind, `${nameOf(item)} needs you`, needyWords[item.note] ?? needyOtherwise, ofOne(item));
  }
  const body = `${namesOf(pending)} cannot be mirrored before something is put right.`;
  return makeNotification(kind, `${pending.count} repositories need you`, body, { count: pending.count });
}

/** Where a click leads that is about one repository. */
function ofOne({ githubId }: NotificationItem, isRetryOffered = false): Pick<NotificationView, 'actions' | 'click'> {
  const click: ShellAction = { kind: 'open-repository', githubId };
  const retry = { label: 'Try again', action: { kind: 'mirror', githubIds: [githubId] } } as const;
  return { actions: [...(isRetryOffered ? [retry] : []), { label: 'Open', action: click }], click };
}

function answersTo({ githubId }: NotificationItem): NotificationView['actions'] {
  return [
    { label: 'Mirror', action: { kind: 'choose', githubId, choice: 'include' } },
    { label: 'Later', action: { kind: 'choose', githubId, choice: 'later' } },
    { label: 'Never', action: { kind: 'choose', githubId, choice: 'exclude' } },
  ];
}

const stays = 'What was mirrored stays.';
const goneWords: Readonly<Record<string, readonly [string, string]>> = {
  'github-blocked': ['was blocked by GitHub', `GitHub shows it to nobody any more. ${stays}`],
  'source-emptied': ['is empty on GitHub now', `GitHub shows it without any branch. ${stays}`],
};
const goneOtherwise = [
  'is gone from GitHub',
  `GitHub does not know it, or your token may not see it. ${stays}`,
] as const;

/** Of what happened to repositories. */
export function describeEvents(kind: NotificationKind, pending: Pending): NotificationView {
  const { count, items } = pending;
  const [item] = items;
  const one = count === 1 ? item : undefined;
  const history: ShellAction = { kind: 'open', place: '/history' };
  const inHistory = { actions: [{ label: 'Open', action: history }], click: history, count };
  switch (kind) {
    case 'rewrite-caught':
      return one === undefined
        ? makeNotification(
            kind,
            `${count} repositories were rewritten`,
            `${namesOf(pending)}: their old history is kept in your mirrors.`,
            inHistory,
          )
        : makeNotification(
            kind,
            `${nameOf(one)} was rewritten`,
            'Its history on GitHub was replaced. The old one is kept in your mirror.',
            ofOne(one),
          );
    case 'upstream-gone': {
      if (one === undefined) {
        const body = `${namesOf(pending)} cannot be fetched any more. ${stays}`;
        const rescued: ShellAction = { kind: 'open', place: '/rescued' };
        const inRescued = { actions: [{ label: 'Open', action: rescued }], click: rescued, count };
        return makeNotification(kind, `${count} repositories are gone from GitHub`, body, inRescued);
      }
      const [what, body] = goneWords[one.note] ?? goneOtherwise;
      return makeNotification(kind, `${nameOf(one)} ${what}`, body, ofOne(one));
    }
    case 'asks': {
      if (one !== undefined) {
        const size = one.note === '' ? '' : ` It takes about ${one.note} by GitHub's figure.`;
        return makeNotification(kind, `Mirror ${nameOf(one)}?`, `It is larger than you allow unasked.${size}`, {
          actions: answersTo(one),
          click: openWindow,
        });
      }
      const body = `${namesOf(pending)} are larger than you allow unasked.`;
      return makeNotification(kind, `${count} large repositories wait for your word`, body, { count });
    }
    case 'new-stars':
      return one === undefined
        ? makeNotification(kind, `${count} new stars are safe`, `${namesOf(pending)} are mirrored.`, { count })
        : makeNotification(kind, `${nameOf(one)} is safe`, 'Your new star is mirrored.', ofOne(one));
    case 'first-success':
      return makeNotification(
        kind,
        'Your stars are safe',
        'All that could be mirrored is mirrored. From now on new stars follow by themselves.',
        { count },
      );
    case 'failed-again':
    case 'needs-you':
    case 'disk': {
      if (one !== undefined) {
        const body = 'Open it to see why, and what can be done.';
        return makeNotification(kind, `${nameOf(one)} could not be mirrored`, body, ofOne(one, true));
      }
      const retry = { label: 'Try again', action: { kind: 'retry-failed' } } as const;
      const actions = [retry, openButton];
      const title = `${count} repositories could not be mirrored`;
      return makeNotification(kind, title, namesOf(pending), { actions, count });
    }
  }
}
