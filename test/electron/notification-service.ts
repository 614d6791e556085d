/** @file What shows notifications on a desktop (org.freedesktop.Notifications), for tests: keeps them and presses them. */
import { type DefinedInterface, defineInterface } from 'dbus-native';
import { waitUntil } from '../support/wait.ts';
import type { SessionBus } from './session-bus.ts';

const serviceName = 'org.freedesktop.Notifications';

/** One as it came over the bus. */
export interface Notified {
  readonly id: number;
  readonly app: string;
  /** Id of one whose place it takes; 0: none. */
  readonly replaces: number;
  readonly icon: string;
  readonly summary: string;
  readonly body: string;
  /** Key and label by turns. */
  readonly actions: readonly string[];
  readonly hints: Readonly<Record<string, unknown>>;
}

const dismissedByPerson = 2;
const closedByProgram = 3;

export class NotificationService {
  /** In the order in which they came. */
  readonly notified: Notified[] = [];
  /** Ids of those that the program took back. */
  readonly takenBack: number[] = [];
  readonly #interface: DefinedInterface;

  private constructor() {
    this.#interface = this.#definition();
  }

  static async open(sessionBus: SessionBus): Promise<NotificationService> {
    const bus = await sessionBus.connect();
    const service = new NotificationService();
    await bus.export('/org/freedesktop/Notifications', service.#interface);
    await sessionBus.own(bus, serviceName);
    return service;
  }

  /** Resolves with the one that comes after so many. */
  async after(count: number): Promise<Notified> {
    return waitUntil(`notification ${count + 1}`, () => this.notified[count]);
  }

  /** What a person does; `default` is a click on the notification itself. */
  press({ id, actions }: Notified, key = 'default'): void {
    if (!actions.some((one, index) => index % 2 === 0 && one === key)) throw new Error(`it has no action ${key}`);
    this.#interface.emit['ActionInvoked']?.(id, key);
    this.#closed(id, dismissedByPerson);
  }

  #closed(id: number, reason: number): void {
    this.#interface.emit['NotificationClosed']?.(id, reason);
  }

  #definition(): DefinedInterface {
    const serverInformation = { name: 'tests', vendor: 'epicstar', version: '1', specification: '1.2' };
    return defineInterface({
      name: serviceName,
      methods: {
        GetCapabilities: {
          out: { capabilities: 'as' },
          handler: () => ['actions', 'body', 'body-markup', 'icon-static', 'persistence'],
        },
        GetServerInformation: {
          out: { name: 's', vendor: 's', version: 's', specification: 's' },
          handler: () => serverInformation,
        },
        Notify: {
          in: {
            app: 's',
            replaces: 'u',
            icon: 's',
            summary: 's',
            body: 's',
            actions: 'as',
            hints: 'a{sv}',
            timeoutMs: 'i',
          },
          out: { id: 'u' },
          handler: (told: Omit<Notified, 'id'>) => {
            const id = told.replaces === 0 ? this.notified.length + 1 : told.replaces;
            this.notified.push({ ...told, id });
            return id;
          },
        },
        CloseNotification: {
          in: { id: 'u' },
          handler: ({ id }: { readonly id: number }) => {
            this.takenBack.push(id);
            this.#closed(id, closedByProgram);
            return null;
          },
        },
      },
      signals: {
        ActionInvoked: { args: { id: 'u', key: 's' } },
        NotificationClosed: { args: { id: 'u', reason: 'u' } },
      },
    });
  }
}
