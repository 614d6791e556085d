/**
 * @file What a panel is for tray items: they register here (org.kde.StatusNotifierWatcher), and their picture, words and
 * menu are read and pressed as a panel does it, the menu over com.canonical.dbusmenu.
 */
import { join } from 'node:path';
import { DBusError, defineInterface, type Message, type MessageBus, Variant } from 'dbus-native';
import { z } from 'zod';
import { waitUntil } from '../support/wait.ts';
import type { SessionBus } from './session-bus.ts';

const watcherName = 'org.kde.StatusNotifierWatcher';
const itemInterface = 'org.kde.StatusNotifierItem';
const menuInterface = 'com.canonical.dbusmenu';
const propertiesInterface = 'org.freedesktop.DBus.Properties';

export interface MenuEntry {
  readonly id: number;
  readonly label: string;
  readonly isEnabled: boolean;
  readonly isSeparator: boolean;
  readonly entries: readonly MenuEntry[];
}

const entrySchema = z.object({
  label: z.string().default(''),
  enabled: z.boolean().default(true),
  type: z.string().default('standard'),
});
type Layout = readonly [id: number, properties: z.output<typeof entrySchema>, children: readonly Layout[]];
const layoutSchema: z.ZodType<Layout> = z.lazy(() => z.tuple([z.number(), entrySchema, z.array(layoutSchema)]));
/** Count of changes, and the menu. */
const answerSchema = z.tuple([z.number(), layoutSchema]);
const propertiesSchema = z.record(z.string(), z.unknown());

/** Letters to press are marked by `_`; a real one is doubled. */
function readEntry([id, { label, enabled, type }, children]: Layout): MenuEntry {
  return {
    id,
    label: label.replaceAll(/_(.?)/g, '$1'),
    isEnabled: enabled,
    isSeparator: type === 'separator',
    entries: children.map(readEntry),
  };
}

function ignoreSilence(error: unknown): void {
  if (!(error instanceof DBusError && error.dbusName === 'org.freedesktop.DBus.Error.NoReply')) throw error;
}

export class TrayItem {
  readonly owner: string;
  readonly path: string;
  readonly #bus: MessageBus;

  constructor(bus: MessageBus, owner: string, path: string) {
    this.#bus = bus;
    this.owner = owner;
    this.path = path;
  }

  properties(): Promise<Readonly<Record<string, unknown>>> {
    const message = { destination: this.owner, path: this.path, interface: propertiesInterface, member: 'GetAll' };
    return this.#ask({ ...message, signature: 's', body: [itemInterface] }, propertiesSchema);
  }

  /** File of the picture that the panel shows. */
  async iconFile(): Promise<string> {
    const { IconThemePath: folder, IconName: name } = await this.properties();
    return join(String(folder), `${String(name)}.png`);
  }

  async menu(): Promise<readonly MenuEntry[]> {
    const [, layout] = await this.#call('GetLayout', 'iias', [0, -1, []], answerSchema);
    return readEntry(layout).entries;
  }

  /** All labels, those of a menu inside behind `>`. */
  async labels(): Promise<readonly string[]> {
    const labels = (entries: readonly MenuEntry[], before: string): string[] =>
      entries.flatMap(({ label, isSeparator, entries: inside }) =>
        isSeparator ? [] : [`${before}${label}`, ...labels(inside, `${before}${label} > `)],
      );
    return labels(await this.menu(), '');
  }

  /** Opens the menus on the way as a person does, and presses the last one. @param path labels from the outside in */
  async click(...path: readonly string[]): Promise<void> {
    let entries = await this.menu();
    for (const [index, label] of path.entries()) {
      const entry = entries.find((one) => one.label === label);
      if (entry === undefined) throw new Error(`the menu has no ${label}`);
      if (!entry.isEnabled) throw new Error(`${label} cannot be pressed`);
      const isLast = index === path.length - 1;
      if (!isLast) await this.#call('AboutToShow', 'i', [entry.id], z.boolean());
      const event = [entry.id, isLast ? 'clicked' : 'opened', new Variant('i', 0), 0];
      const answer = this.#call('Event', 'isvu', event, z.undefined());
      // Whoever is told to end may do so before it answers.
      await (isLast ? answer.catch(ignoreSilence) : answer);
      entries = entry.entries;
    }
  }

  /** Whether its program is still on the bus. */
  async isThere(): Promise<boolean> {
    return this.#bus.nameHasOwner(this.owner);
  }

  async #call<T>(member: string, signature: string, body: unknown[], schema: z.ZodType<T>): Promise<T> {
    const { Menu: path } = await this.properties();
    const message = { destination: this.owner, path: String(path), interface: menuInterface, member };
    return this.#ask({ ...message, signature, body }, schema);
  }

  async #ask<T>(message: Message, schema: z.ZodType<T>): Promise<T> {
    return schema.parse(await this.#bus.invoke<unknown>(message));
  }
}

export class TrayHost {
  readonly #bus: MessageBus;
  readonly #given = new Set<TrayItem>();
  /** By the connection of their program, the newest last. */
  readonly #items = new Map<string, TrayItem>();

  private constructor(bus: MessageBus) {
    this.#bus = bus;
  }

  static async open(sessionBus: SessionBus): Promise<TrayHost> {
    const bus = await sessionBus.connect();
    const host = new TrayHost(bus);
    await bus.export('/StatusNotifierWatcher', host.#definition());
    // Programs look for it as soon as the name is there.
    await sessionBus.own(bus, watcherName);
    return host;
  }

  /** The next one that was not given out before; null: none comes in time. */
  async nextItem(withinMs: number): Promise<TrayItem | null> {
    const next = (): TrayItem | undefined => [...this.#items.values()].find((one) => !this.#given.has(one));
    const item = await waitUntil('an item in the tray', next, withinMs).catch(() => null);
    if (item !== null) this.#given.add(item);
    return item;
  }

  #definition() {
    const items = (): string[] => [...this.#items.values()].map(({ owner, path }) => `${owner}${path}`);
    const register = ({ service }: { readonly service: string }, { sender = '' }: { readonly sender?: string }) => {
      // Some give a path and some a name.
      const path = service.startsWith('/') ? service : '/StatusNotifierItem';
      if (!this.#items.has(sender)) this.#items.set(sender, new TrayItem(this.#bus, sender, path));
      return null;
    };
    return defineInterface({
      name: watcherName,
      methods: {
        RegisterStatusNotifierItem: { in: { service: 's' }, handler: register },
        RegisterStatusNotifierHost: { in: { service: 's' }, handler: () => null },
      },
      properties: {
        RegisteredStatusNotifierItems: { type: 'as', access: 'read', get: items },
        IsStatusNotifierHostRegistered: { type: 'b', access: 'read', value: true },
        ProtocolVersion: { type: 'i', access: 'read', value: 0 },
      },
      signals: {
        StatusNotifierItemRegistered: { args: { service: 's' } },
        StatusNotifierItemUnregistered: { args: { service: 's' } },
        StatusNotifierHostRegistered: {},
      },
    });
  }
}
