/** @file Shows notifications of the system; presses are handed to whoever knows what they do. */
import type { NativeImage } from 'electron';
import type { NotificationView, ShellAction } from './notification-words.ts';

/** The part of Electron's notification that is used. */
export interface SystemNotification {
  once(event: 'click', listener: () => void): unknown;
  once(event: 'close', listener: () => void): unknown;
  once(event: 'failed', listener: (event: object, error: string) => void): unknown;
  /** Which button it was stands in the event; before there was that, in what follows it. */
  once(event: 'action', listener: (details: { readonly actionIndex?: number }, index: number) => void): unknown;
  show(): void;
  close(): void;
}

export interface NotificationClass {
  new (options: {
    title: string;
    body: string;
    silent: boolean;
    actions: { type: 'button'; text: string }[];
    icon?: NativeImage | string;
  }): SystemNotification;
  isSupported(): boolean;
}

export interface NotifierOptions {
  readonly Notification: NotificationClass;
  readonly icon?: NativeImage | string;
  readonly onAction: (action: ShellAction) => void;
  readonly log: { warn(message: string, fields?: Readonly<Record<string, unknown>>): void };
}

export interface Notifier {
  /** One of the same kind that is still shown is replaced. */
  show(notification: NotificationView): void;
  /** Takes back what is still shown: with the program goes whoever could answer a press. */
  close(): void;
}

export function createNotifier({ Notification, icon, onAction, log }: NotifierOptions): Notifier {
  // One that nobody holds is collected as garbage, and its presses are lost.
  const shown = new Map<NotificationView['kind'], SystemNotification>();

  function show({ kind, title, body, actions, click }: NotificationView): void {
    if (!Notification.isSupported()) return;
    shown.get(kind)?.close();
    const notification = new Notification({
      title,
      body,
      silent: kind !== 'needs-you' && kind !== 'disk',
      actions: actions.map(({ label }) => ({ type: 'button', text: label })),
      ...(icon === undefined ? {} : { icon }),
    });
    shown.set(kind, notification);
    const forget = (): void => {
      if (shown.get(kind) === notification) shown.delete(kind);
    };
    notification.once('click', () => {
      forget();
      onAction(click);
    });
    notification.once('action', (details, index) => {
      forget();
      const pressed = actions[details.actionIndex ?? index];
      if (pressed !== undefined) onAction(pressed.action);
    });
    notification.once('close', forget);
    notification.once('failed', (_event, error) => {
      forget();
      log.warn('a notification could not be shown', { kind, error });
    });
    notification.show();
  }

  return {
    show,
    close() {
      const all = [...shown.values()];
      shown.clear();
      all.forEach((notification) => notification.close());
    },
  };
}
