/** @file The thin binding to the system's notifications, over a stand-in of Electron's class. */
import { EventEmitter } from 'node:events';
import { beforeEach, describe, expect, it } from 'vitest';
import type { ElectronApi } from '../../../src-main/shell/electron-api.ts';
import { createNotifier, type NotificationClass, type Notifier } from '../../../src-main/shell/notifications.ts';
import { makeNotification, type ShellAction } from '../../../src-main/shell/notification-words.ts';
import { createKeptLog, type KeptLog } from '../../support/kept-log.ts';

interface Options {
  readonly title: string;
  readonly body: string;
  readonly silent: boolean;
  readonly actions: readonly { readonly type: string; readonly text: string }[];
}

const made: FakeNotification[] = [];
let isSupported = true;

class FakeNotification extends EventEmitter {
  readonly options: Options;
  state: 'new' | 'shown' | 'closed' = 'new';

  constructor(options: Options) {
    super();
    this.options = options;
    made.push(this);
  }

  static isSupported(): boolean {
    return isSupported;
  }

  show(): void {
    this.state = 'shown';
  }

  close(): void {
    this.state = 'closed';
    this.emit('close', {});
  }
}

describe('a notification of the system', () => {
  let pressed: ShellAction[];
  let log: KeptLog;
  let notifier: Notifier;
  const retry: ShellAction = { kind: 'retry-failed' };
  const view = makeNotification('failed-again', '2 repositories could not be mirrored', 'a and b', {
    actions: [
      { label: 'Try again', action: retry },
      { label: 'Open', action: { kind: 'open', place: '/' } },
    ],
    click: { kind: 'open', place: '/history' },
  });

  beforeEach(() => {
    made.length = 0;
    isSupported = true;
    pressed = [];
    log = createKeptLog();
    notifier = createNotifier({ Notification: FakeNotification, onAction: (action) => pressed.push(action), log });
  });

  it('is what Electron offers', () => {
    const take = (Notification: ElectronApi['Notification']): NotificationClass => Notification;
    expect(take).toBeTypeOf('function');
  });

  it('is shown with its words and buttons, silent where nobody is needed', () => {
    notifier.show(view);
    notifier.show(makeNotification('needs-you', 'Sign in to GitHub', 'It does not accept the token.'));
    expect(made.map(({ options, state }) => [options.title, options.silent, state])).toEqual([
      ['2 repositories could not be mirrored', true, 'shown'],
      ['Sign in to GitHub', false, 'shown'],
    ]);
    expect(made[0]?.options).toMatchObject({
      body: 'a and b',
      actions: [
        { type: 'button', text: 'Try again' },
        { type: 'button', text: 'Open' },
      ],
    });
  });

  it('hands presses on, in the old way of Electron and in the new one', () => {
    notifier.show(view);
    made[0]?.emit('click', {});
    notifier.show(view);
    made[1]?.emit('action', { actionIndex: 0 }, 0);
    notifier.show(view);
    made[2]?.emit('action', {}, 1);
    notifier.show(view);
    made[3]?.emit('action', { actionIndex: 7 }, 7);
    expect(pressed).toEqual([{ kind: 'open', place: '/history' }, retry, { kind: 'open', place: '/' }]);
  });

  it('takes the place of the one before of its kind, and goes with the program', () => {
    notifier.show(view);
    notifier.show(view);
    expect(made.map(({ state }) => state)).toEqual(['closed', 'shown']);
    notifier.close();
    expect(made.map(({ state }) => state)).toEqual(['closed', 'closed']);
  });

  it('that the system does not show costs nothing but a line in the log', () => {
    notifier.show(view);
    made[0]?.emit('failed', {}, 'no service');
    notifier.show(view);
    expect(made[0]?.state).toBe('shown');
    expect(log.lines).toMatchObject([{ level: 'warn', fields: { kind: 'failed-again', error: 'no service' } }]);
    isSupported = false;
    notifier.show(view);
    expect(made).toHaveLength(2);
  });
});
