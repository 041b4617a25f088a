import { Directory, leadsNowhere } from './directory.ts';
import { type Entry, encodeListReply, FileStatus, type ListReply, type ListRequest } from './messages.ts';
import { Page } from './page.ts';
import { isName, isTemporaryName, joinPath, parsePath } from './path.ts';

/** Longest page as it is sent, in bytes; authentik drops a longer one. */
export const PAGE_BYTES = 128 * 1024;
/** How many names that cannot be told are kept for the log. */
const MAX_UNSPOKEN = 5;

/** Names that no browser can be told, for the log. */
export interface Unspoken {
  readonly count: number;
  /** Some of them; bytes that are no text are shown as U+FFFD. */
  readonly names: readonly string[];
}

export interface Listing {
  readonly reply: ListReply;
  readonly unspoken: Unspoken;
}

/**
 * One page of a directory of the drive at `root`, sorted by the bytes of the names. Links and whatever else is
 * neither a file nor a directory are left out. Never rejects: what fails is a status.
 */
export async function listDirectory(root: string, asked: ListRequest): Promise<Listing> {
  const names = parsePath(asked.path);
  if (!names || (asked.cursor !== '' && !isName(asked.cursor))) return failed(asked, FileStatus.badRequest);
  let directory: Directory | undefined;
  try {
    directory = await Directory.open(root, names);
    const page = new Page(Buffer.from(asked.cursor));
    const unspoken = await readNames(directory, page);
    const entries = await entriesOf(directory, asked.path, page.names);
    return { reply: asManyAsFit(asked.request, entries, page.more), unspoken };
  } catch (error) {
    return failed(asked, leadsNowhere(error) ? FileStatus.notFound : FileStatus.unavailable);
  } finally {
    await directory?.close();
  }
}

async function readNames(directory: Directory, page: Page): Promise<Unspoken> {
  let count = 0;
  const names: string[] = [];
  for await (const bytes of directory.names()) {
    const name = bytes.toString('utf8');
    if (isName(name) && Buffer.from(name).equals(bytes)) {
      page.offer(bytes);
    } else if (!isTemporaryName(name)) {
      count += 1;
      if (names.length < MAX_UNSPOKEN) names.push(name);
    }
  }
  return { count, names };
}

/** What the names stand for now; one that has gone meanwhile, or has become a link, is left out. */
async function entriesOf(directory: Directory, path: string, names: readonly string[]): Promise<Entry[]> {
  const entries: Entry[] = [];
  for (const name of names) {
    const stats = await directory.look(name);
    if (stats?.isFile())
      entries.push({ name, path: joinPath(path, name), kind: 'file', size: Number(stats.size) });
    else if (stats?.isDirectory())
      entries.push({ name, path: joinPath(path, name), kind: 'directory', size: null });
  }
  return entries;
}

/** As many entries as fit into a message; the rest is for the next page. `more`: there are names after these. */
function asManyAsFit(request: string, entries: readonly Entry[], more: boolean): ListReply {
  // With the longest cursor there can be: it is one of the names.
  let bytes = encodeListReply({ request, status: FileStatus.ok, entries: [], cursor: '' }).length + 2048;
  let kept = 0;
  for (const entry of entries) {
    bytes += Buffer.byteLength(JSON.stringify(entry)) + 1;
    if (bytes > PAGE_BYTES) break;
    kept += 1;
  }
  const cursor = more || kept < entries.length ? (entries[kept - 1]?.name ?? '') : '';
  return { request, status: FileStatus.ok, entries: entries.slice(0, kept), cursor };
}

function failed({ request }: ListRequest, status: FileStatus): Listing {
  return { reply: { request, status, entries: [], cursor: '' }, unspoken: { count: 0, names: [] } };
}
