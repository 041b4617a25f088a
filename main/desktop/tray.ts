import { Menu, type MenuItemConstructorOptions, type NativeImage, Tray } from 'electron';
import type { OverallState } from '../core/describe.ts';
import type { TrayAction, TrayItem, TrayView } from './tray-view.ts';

export interface AppTrayOptions {
  readonly icon: (state: OverallState) => NativeImage;
  readonly onAction: (action: TrayAction) => void;
}

/** The real tray. It is drawn anew only where the view is another: a menu that is open would close. */
export class AppTray {
  readonly #options: AppTrayOptions;
  #tray: Tray | null = null;
  #shown: TrayView | null = null;

  constructor(options: AppTrayOptions) {
    this.#options = options;
  }

  show(view: TrayView): void {
    const before = this.#shown;
    this.#shown = view;
    if (this.#tray === null) {
      this.#create(view);
      return;
    }
    if (before?.icon !== view.icon) this.#tray.setImage(this.#options.icon(view.icon));
    if (before?.tooltip !== view.tooltip) this.#tray.setToolTip(view.tooltip);
    if (JSON.stringify(before?.items) !== JSON.stringify(view.items))
      this.#tray.setContextMenu(this.#menu(view));
  }

  /** Registers anew, where the desktop has got a place for icons only now. */
  recreate(): void {
    this.#tray?.destroy();
    this.#tray = null;
    if (this.#shown) this.#create(this.#shown);
  }

  /** The pictures are others: the panel has changed its colour. */
  redraw(): void {
    if (this.#tray && this.#shown) this.#tray.setImage(this.#options.icon(this.#shown.icon));
  }

  end(): void {
    this.#tray?.destroy();
    this.#tray = null;
  }

  #create(view: TrayView): void {
    const tray = new Tray(this.#options.icon(view.icon));
    this.#tray = tray;
    tray.setToolTip(view.tooltip);
    tray.setContextMenu(this.#menu(view));
    // Where a click does not open the menu, it opens the console.
    if (process.platform !== 'darwin')
      tray.on('click', () => this.#options.onAction({ kind: 'open-console' }));
  }

  #menu({ items }: TrayView): Menu {
    return Menu.buildFromTemplate(items.map((item) => this.#item(item)));
  }

  #item(item: TrayItem): MenuItemConstructorOptions {
    switch (item.kind) {
      case 'line':
        return { type: 'separator' };
      case 'label':
        return { label: plain(item.label), enabled: false };
      case 'action':
        return {
          label: plain(item.label),
          enabled: item.enabled,
          click: () => this.#options.onAction(item.action),
        };
      case 'check':
        return {
          type: 'checkbox',
          label: plain(item.label),
          checked: item.checked,
          click: () => this.#options.onAction(item.action),
        };
      case 'menu':
        return { label: plain(item.label), submenu: item.items.map((inner) => this.#item(inner)) };
      default:
        return item satisfies never;
    }
  }
}

/** An ampersand would underline the letter behind it; marks of direction in a name would turn what is beside it. */
function plain(label: string): string {
  return label.replace(/[\u202A-\u202E\u2066-\u2069]/g, '').replace(/&/g, '&&');
}
