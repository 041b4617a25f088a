import { signal } from '@preact/signals';
import type Guacamole from 'guacamole-common-js';
import type { Failure } from '../../../main/core/errors.ts';
import { readText } from '../session/text-stream.ts';
import { Bodies } from './bodies.ts';
import { download } from './download.ts';
import { DIRECTORY_TYPE, type FileEntry, MAX_LISTING_BYTES, pathIn, readListing } from './listing.ts';
import { sentName, shownName } from './names.ts';
import type { SavePort } from './save-port.ts';
import type { Transfers } from './transfers.ts';
import { empty, upload } from './upload.ts';

/** A machine that offers more files than this at once is not asked about the rest. */
const MAX_OFFERS = 8;
/** guacd offers a drive and SFTP; others that may come have a bound. */
const MAX_PLACES = 8;
/** guacd answers a directory it cannot read with silence. Milliseconds. */
const LIST_MS = 15_000;

/** A file that the machine wants to send. */
export interface FileOffer {
  readonly id: number;
  readonly name: string;
}

/** A file system that guacd offers, such as a drive or the machine's own by SFTP. */
export interface Place {
  /** What guacd calls it, as it can be shown. */
  readonly name: string;
  readonly bodies: Bodies;
}

/** What the panel shows of a machine's files. */
export interface Directory {
  readonly path: string;
  readonly state: 'reading' | 'there' | 'failed';
  readonly entries: readonly FileEntry[];
}

const AT_ITS_ROOT: Directory = { path: '/', state: 'there', entries: [] };

export interface FileDeskOptions {
  readonly client: Guacamole.Client;
  readonly transfers: Transfers;
  /** Asks the person where to; null where that was cancelled. */
  readonly save: (name: string) => Promise<SavePort | null>;
}

/** Files of one session: what is on the machine, and what moves between it and here. */
export class FileDesk {
  readonly places = signal<readonly Place[]>([]);
  /** The one that is shown; null where there is none. */
  readonly place = signal<Place | null>(null);
  readonly directory = signal<Directory>(AT_ITS_ROOT);
  readonly offers = signal<readonly FileOffer[]>([]);
  readonly #options: FileDeskOptions;
  readonly #offered = new Map<number, { readonly stream: Guacamole.InputStream; readonly name: string }>();
  #asked = 0;

  constructor(options: FileDeskOptions) {
    this.#options = options;
  }

  /** guacd offers a file system; the first one is shown until the person takes another. */
  offerFilesystem(filesystem: Guacamole.Object, name: string): void {
    if (this.places.peek().length >= MAX_PLACES) return;
    const place = { name: shownName(name), bodies: new Bodies(filesystem) };
    this.places.value = [...this.places.peek(), place];
    this.place.value ??= place;
    filesystem.onundefine = () => {
      this.places.value = this.places.peek().filter((one) => one !== place);
      if (this.place.peek() === place) this.show(this.places.peek()[0] ?? null);
    };
  }

  /** Shows another file system, from its root on. */
  show(place: Place | null): void {
    this.place.value = place;
    this.directory.value = AT_ITS_ROOT;
    this.open(AT_ITS_ROOT.path);
  }

  /** The machine sends a file by itself: the person is asked. */
  offerFile(stream: Guacamole.InputStream, name: string): void {
    if (this.#offered.size >= MAX_OFFERS) {
      stream.sendAck('Too many files are offered', 0x031d);
      return;
    }
    const id = ++this.#asked;
    this.#offered.set(id, { stream, name });
    this.#tellOffers();
  }

  async take(id: number): Promise<void> {
    const offer = this.#offered.get(id);
    if (offer === undefined) return;
    const file = await this.#options.save(offer.name);
    if (file === null) return;
    this.#offered.delete(id);
    this.#tellOffers();
    const transfer = this.#begin(offer.name, () => file.abort());
    transfer.cancelBy(download(offer.stream, file, transfer.events));
  }

  refuse(id: number): void {
    this.#offered.get(id)?.stream.sendAck('The person does not want it', 0x0303);
    this.#offered.delete(id);
    this.#tellOffers();
  }

  /** Reads a directory anew. */
  open(path: string): void {
    const bodies = this.place.peek()?.bodies;
    if (bodies === undefined) return;
    const mine = ++this.#asked;
    // What was there stays to be seen while it is read again.
    const { path: shown, entries: known } = this.directory.peek();
    this.directory.value = { path, state: 'reading', entries: shown === path ? known : [] };
    const tell = (entries: readonly FileEntry[] | null) => {
      clearTimeout(late);
      if (mine !== this.#asked) return;
      this.directory.value = { path, state: entries === null ? 'failed' : 'there', entries: entries ?? [] };
    };
    const giveUp = bodies.ask(path, (stream, mimetype) => {
      if (mimetype !== DIRECTORY_TYPE) {
        stream.sendAck('Not a directory', 0x0205);
        return tell(null);
      }
      readText(stream, (text) => tell(text === null ? null : readListing(text, path)), MAX_LISTING_BYTES);
      stream.sendAck('OK', 0);
    });
    const late = setTimeout(() => {
      giveUp();
      tell(null);
    }, LIST_MS);
  }

  async download({ path, name }: FileEntry): Promise<void> {
    const bodies = this.place.peek()?.bodies;
    if (bodies === undefined) return;
    const file = await this.#options.save(name);
    if (file === null) return;
    const transfer = this.#begin(name, () => file.abort());
    const giveUp = bodies.ask(path, (stream) => {
      clearTimeout(late);
      transfer.cancelBy(download(stream, file, transfer.events));
    });
    const late = setTimeout(() => {
      giveUp();
      file.abort();
      transfer.running.fail(SILENCE);
    }, LIST_MS);
  }

  /** Sends files into the directory that is shown, or wherever the machine puts them. */
  upload(files: readonly File[]): void {
    for (const file of files) {
      const name = sentName(file.name);
      const type = 'application/octet-stream';
      const place = this.place.peek();
      const directory = this.directory.peek().path;
      const open = () =>
        place?.bodies.filesystem.createOutputStream(type, pathIn(directory, name)) ??
        this.#options.client.createFileStream(type, name);
      let cancel = () => {};
      const transfer = this.#options.transfers.begin(
        { name: shownName(file.name), direction: 'upload', size: file.size },
        () => cancel(),
      );
      const look = () => {
        if (this.place.peek() === place && this.directory.peek().path === directory) this.open(directory);
      };
      cancel = upload(file, open(), {
        onMoved: transfer.moved,
        onFailed: transfer.fail,
        onDone: () => {
          transfer.finish();
          look();
        },
        onCut: () =>
          empty(open(), () => {
            transfer.emptied();
            look();
          }),
      });
    }
  }

  /** A download that can be cancelled from now on, also before its stream has come. */
  #begin(name: string, abort: () => void) {
    let cancel = abort;
    const running = this.#options.transfers.begin(
      { name: shownName(name), direction: 'download', size: null },
      () => cancel(),
    );
    return {
      running,
      events: { onMoved: running.moved, onDone: running.finish, onFailed: running.fail },
      cancelBy: (stop: () => void) => {
        cancel = stop;
      },
    };
  }

  #tellOffers(): void {
    this.offers.value = [...this.#offered].map(([id, { name }]) => ({ id, name: shownName(name) }));
  }
}

const SILENCE: Failure = {
  code: 'drive-failed',
  message: 'The machine did not hand out the file.',
  advice: 'Has this user the right to read it?',
};
