/**
 * @file What a press in the tray's menu or on a notification does: a call of the contract, or something of the shell
 * that is handed in. A press that comes to nothing is answered, since nobody looks at a window then.
 */
import { pauseEnd } from '../../src-preload/contract/pause-end.ts';
import type { Client } from '../../src-preload/contract/client.ts';
import { CallError } from '../../src-preload/contract/messages.ts';
import { makeNotification, type NotificationView, type ShellAction } from './notification-words.ts';

export interface ActionHandlerOptions {
  readonly client: Pick<Client, 'call'>;
  readonly now: () => number;
  /** @param place behind the window's `#` */
  readonly openWindow: (place: string) => void;
  /** Opens a page in the browser. What is refused is not told of here. */
  readonly openPage: (url: string) => void;
  readonly showAbout: () => void;
  readonly quit: () => void;
  readonly installUpdate: () => void;
  readonly tell: (notification: NotificationView) => void;
  readonly log: { warn(message: string, fields?: Readonly<Record<string, unknown>>): void };
}

/** What was asked for, as the beginning of a sentence about it. */
function failureTitle({ kind }: ShellAction): string {
  switch (kind) {
    case 'look':
      return 'Your stars could not be looked at';
    case 'pause':
      return 'epicstar could not be paused';
    case 'resume':
      return 'epicstar could not be resumed';
    case 'retry-failed':
    case 'mirror':
      return 'It could not be tried again';
    case 'choose':
      return 'Your answer was not taken';
    case 'open-page':
      return 'The page could not be opened';
    case 'open':
    case 'open-repository':
    case 'about':
    case 'quit':
    case 'install-update':
      return 'That did not work';
  }
}

/** In words of our own: what others worded stays in the window. */
function describeFailure(thrown: unknown): string {
  if (!(thrown instanceof CallError)) return 'Open epicstar and try it there.';
  if (thrown.name === 'disconnected') return 'epicstar is not reached at the moment. Try again when it is.';
  if (thrown.name === 'timed-out') return 'epicstar did not answer in time. It may have been done all the same.';
  return 'Open epicstar to see what is wrong.';
}

/** @returns carries out one press; never rejects */
export function createActionHandler(options: ActionHandlerOptions): (action: ShellAction) => Promise<void> {
  const { client, now, openWindow, openPage, showAbout, quit, installUpdate, tell, log } = options;

  async function carryOut(action: ShellAction): Promise<void> {
    switch (action.kind) {
      case 'open':
        return openWindow(action.place);
      case 'open-repository':
        return openWindow(`/repositories/${action.githubId}`);
      case 'open-page':
        return openPage(action.url);
      case 'look':
        await client.call('look.now');
        return;
      case 'pause':
        await client.call('pause.set', { until: pauseEnd(action.until, now()) });
        return;
      case 'resume':
        await client.call('pause.resume');
        return;
      case 'retry-failed':
        await client.call('mirror.retryFailed');
        return;
      case 'mirror':
        await client.call('mirror.now', { githubIds: [...action.githubIds] });
        return;
      case 'choose':
        await client.call('repositories.choose', { githubIds: [action.githubId], choice: action.choice });
        return;
      case 'about':
        return showAbout();
      case 'quit':
        return quit();
      case 'install-update':
        return installUpdate();
    }
  }

  return async (action) => {
    try {
      await carryOut(action);
    } catch (error) {
      log.warn('a press came to nothing', { action: action.kind, error });
      tell(makeNotification('needs-you', failureTitle(action), describeFailure(error)));
    }
  };
}
