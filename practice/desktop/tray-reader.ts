import dbus, { type Message, type MessageBus, type Variant } from 'dbus-next';
import * as v from 'valibot';
import { eventually } from '../run/eventually.ts';

/** The shell's side of tray icons and notifications, as a desktop has it: what a person would see and click. */

const WATCHER = 'org.kde.StatusNotifierWatcher';
const NOTIFICATIONS = 'org.freedesktop.Notifications';
const PROPERTIES = 'org.freedesktop.DBus.Properties';
const ITEM = 'org.kde.StatusNotifierItem';
const MENU = 'com.canonical.dbusmenu';
const BUS = 'org.freedesktop.DBus';
const MOST_CLICKS = 3;

/** One entry of the menu. */
export interface MenuEntry {
  readonly id: number;
  readonly label: string;
  readonly enabled: boolean;
  readonly checked: boolean;
  readonly separator: boolean;
  readonly children: readonly MenuEntry[];
}

export interface ShownNotification {
  readonly title: string;
  readonly body: string;
}

interface Item {
  readonly destination: string;
  readonly path: string;
}

const node: v.GenericSchema<unknown, [number, Record<string, { value: unknown }>, { value: unknown }[]]> =
  v.tuple([
    v.number(),
    v.record(v.string(), v.looseObject({ value: v.unknown() })),
    v.array(v.looseObject({ value: v.unknown() })),
  ]);

export interface TrayReaderOptions {
  /** False: a desktop without a place for icons, which still shows notifications. */
  readonly tray?: boolean;
}

/** A desktop with a place for icons; where the bus has one already, a second pair of eyes on that. */
export class TrayReader {
  readonly notifications: ShownNotification[] = [];
  readonly #bus: MessageBus;
  /** Whether the icons' place is somebody else's. */
  #guest = false;
  #item: Item | null = null;
  #registrations = 0;

  private constructor(bus: MessageBus) {
    this.#bus = bus;
  }

  static async start(address: string, { tray = true }: TrayReaderOptions = {}): Promise<TrayReader> {
    const bus = dbus.sessionBus({ busAddress: address });
    const reader = new TrayReader(bus);
    bus.addMethodHandler((message: Message) => reader.#answer(message));
    if (tray) await reader.showTray();
    await bus.requestName(NOTIFICATIONS, dbus.NameFlag.DO_NOT_QUEUE);
    return reader;
  }

  /** From now on, this desktop has a place for icons. */
  async showTray(): Promise<void> {
    const answer = await this.#bus.requestName(WATCHER, dbus.NameFlag.DO_NOT_QUEUE);
    this.#guest = answer === dbus.RequestNameReply.EXISTS;
  }

  get registrations(): number {
    return this.#registrations;
  }

  end(): void {
    this.#bus.disconnect();
  }

  /** Resolves when an app has put its icon there; `pid`: whose icon it is, where the place is somebody else's. */
  async registered(pid?: number, timeoutMs?: number): Promise<void> {
    await eventually(async () => {
      if (this.#guest) this.#item = await this.#itemOf(pid);
      return this.#item !== null;
    }, timeoutMs);
  }

  async tooltip(): Promise<string> {
    // (icon name, pictures, title, text)
    const decoded = v.parse(
      v.tuple([v.string(), v.unknown(), v.string(), v.string()]),
      await this.#property(ITEM, 'ToolTip'),
    );
    return decoded[2] || decoded[3];
  }

  /** The icon's pixels as the shell gets them: `width × height` and the bytes. */
  async icon(): Promise<{ readonly width: number; readonly height: number; readonly bytes: Buffer }> {
    const pictures = v.parse(
      v.array(v.tuple([v.number(), v.number(), v.instance(Uint8Array)])),
      await this.#property(ITEM, 'IconPixmap'),
    );
    const [first] = pictures;
    if (!first) throw new Error('The icon has no picture.');
    return { width: first[0], height: first[1], bytes: Buffer.from(first[2]) };
  }

  /** The whole menu. */
  async menu(): Promise<readonly MenuEntry[]> {
    const reply = await this.#menuCall('GetLayout', 'iias', [0, -1, []]);
    const [, root] = v.parse(v.tuple([v.number(), v.unknown()]), reply);
    return entryOf(root).children;
  }

  /** The entry with this label, wherever in the menu it is; undefined where there is none. */
  async find(label: string | RegExp): Promise<MenuEntry | undefined> {
    return findIn(await this.menu(), label);
  }

  /** Resolves with the entry as soon as it is there. */
  async untilThere(label: string | RegExp, timeoutMs?: number): Promise<MenuEntry> {
    let found: MenuEntry | undefined;
    await eventually(async () => {
      found = await this.find(label).catch(() => undefined);
      return found !== undefined;
    }, timeoutMs).catch(async () => {
      throw new Error(`There is no “${label}” in: ${JSON.stringify(labels(await this.menu()))}`);
    });
    if (!found) throw new Error('It went away.');
    return found;
  }

  /** Clicks an entry as a person does. */
  async click(label: string | RegExp): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      const { id, enabled } = await this.untilThere(label);
      if (!enabled) throw new Error(`“${label}” cannot be clicked.`);
      try {
        await this.#menuCall('Event', 'isvu', [id, 'clicked', new dbus.Variant('i', 0), 0]);
        return;
      } catch (error) {
        // The menu was made anew between the look and the click, and this entry has another number in it.
        if (tries === MOST_CLICKS) throw error;
      }
    }
  }

  /** Among the icons that another watcher knows, the one of this process. */
  async #itemOf(pid: number | undefined): Promise<Item | null> {
    const watcher = { destination: WATCHER, path: '/StatusNotifierWatcher' };
    const known = await this.#propertyOf(watcher, WATCHER, 'RegisteredStatusNotifierItems');
    for (const name of v.parse(v.array(v.string()), known)) {
      const at = name.indexOf('/');
      const item =
        at < 0
          ? { destination: name, path: '/StatusNotifierItem' }
          : { destination: name.slice(0, at), path: name.slice(at) };
      const asked = { destination: BUS, path: '/org/freedesktop/DBus' };
      // An icon may go while it is looked at.
      const [owner] = await this.#callAt(asked, BUS, 'GetConnectionUnixProcessID', 's', [
        item.destination,
      ]).catch(() => []);
      if (owner !== undefined && owner === pid) return item;
    }
    return null;
  }

  async #menuCall(member: string, signature: string, body: unknown[]): Promise<unknown[]> {
    const path = v.parse(v.string(), await this.#property(ITEM, 'Menu'));
    return this.#callAt({ ...this.#there, path }, MENU, member, signature, body);
  }

  #property(of: string, name: string): Promise<unknown> {
    return this.#propertyOf(this.#there, of, name);
  }

  async #propertyOf(item: Item, of: string, name: string): Promise<unknown> {
    const [value] = await this.#callAt(item, PROPERTIES, 'Get', 'ss', [of, name]);
    return v.parse(v.looseObject({ value: v.unknown() }), value).value;
  }

  async #callAt(
    { destination, path }: Item,
    of: string,
    member: string,
    signature: string,
    body: unknown[],
  ): Promise<unknown[]> {
    const message = new dbus.Message({ destination, path, interface: of, member, signature, body });
    const reply = await this.#bus.call(message);
    return reply?.body ?? [];
  }

  get #there(): Item {
    if (!this.#item) throw new Error('No icon has been put there.');
    return this.#item;
  }

  #answer(message: Message): boolean {
    if (message.interface === WATCHER && message.member === 'RegisterStatusNotifierItem') {
      const [service] = v.parse(v.tuple([v.string()]), message.body);
      this.#item = service.startsWith('/')
        ? { destination: message.sender, path: service }
        : { destination: service, path: '/StatusNotifierItem' };
      this.#registrations += 1;
      return this.#reply(message, '', []);
    }
    if (message.interface === PROPERTIES && message.member === 'Get' && message.body[0] === WATCHER) {
      return this.#reply(message, 'v', [this.#watcherSays(message.body[1])]);
    }
    if (message.interface !== NOTIFICATIONS) return false;
    switch (message.member) {
      case 'GetCapabilities':
        return this.#reply(message, 'as', [['body', 'actions']]);
      case 'GetServerInformation':
        return this.#reply(message, 'ssss', ['practice', 'sallyport', '1', '1.2']);
      case 'Notify': {
        const { title, body } = notificationOf(message.body);
        this.notifications.push({ title, body });
        return this.#reply(message, 'u', [this.notifications.length]);
      }
      default:
        return this.#reply(message, '', []);
    }
  }

  #watcherSays(property: unknown): Variant {
    switch (property) {
      case 'ProtocolVersion':
        return new dbus.Variant('i', 0);
      case 'RegisteredStatusNotifierItems':
        return new dbus.Variant('as', this.#item ? [`${this.#item.destination}${this.#item.path}`] : []);
      default:
        return new dbus.Variant('b', true);
    }
  }

  #reply(to: Message, signature: string, body: unknown[]): boolean {
    this.#bus.send(dbus.Message.newMethodReturn(to, signature, body));
    return true;
  }
}

/** Every label of a menu, for messages. */
export function labels(entries: readonly MenuEntry[]): unknown[] {
  return entries
    .filter(({ separator }) => !separator)
    .map(({ label, children }) => (children.length > 0 ? { [label]: labels(children) } : label));
}

function findIn(entries: readonly MenuEntry[], label: string | RegExp): MenuEntry | undefined {
  for (const entry of entries) {
    if (typeof label === 'string' ? entry.label === label : label.test(entry.label)) return entry;
    const inside = findIn(entry.children, label);
    if (inside) return inside;
  }
  return undefined;
}

function entryOf(raw: unknown): MenuEntry {
  const [id, properties, children] = v.parse(node, raw);
  const value = (name: string) => properties[name]?.value;
  return {
    id,
    // The menu's protocol underlines what follows an underscore.
    label: String(value('label') ?? '').replace(/_(.)/g, '$1'),
    enabled: value('enabled') !== false,
    checked: value('toggle-state') === 1,
    separator: value('type') === 'separator',
    children: children.map((child) => entryOf(child.value)),
  };
}

function notificationOf(body: readonly unknown[]): ShownNotification {
  const [, , , title, text] = v.parse(
    v.looseTuple([v.string(), v.number(), v.string(), v.string(), v.string()]),
    body,
  );
  return { title, body: text };
}
