import type { AuditEntries, AuditFilter } from '../../control/audit-schema.ts';
import type { AuditEntry } from '../../core/audit-event.ts';
import { type Command, type CommandContext, connectIfRunning } from '../context.ts';
import { writeJson, writeLines } from '../io.ts';
import { activityView, handOverLine } from '../view/activity.ts';

export interface ActivityOptions {
  readonly lines: number;
  readonly kinds: readonly string[];
  readonly text: string | null;
  readonly json: boolean;
}

/** One request's worth; more is asked for page by page. */
const PAGE = 500;

/** The running outpost's journal, else the files of it that lie in the state directory. */
export const activityCommand: Command<ActivityOptions> = async (context, { lines, kinds, text, json }) => {
  const { io, style } = context;
  const ask = await source(context);
  const filter = { ...(kinds.length > 0 && { kinds }), ...(text !== null && { text }) };
  const entries: AuditEntry[] = [];
  let handOver: AuditEntries['handOver'] | null = null;
  while (entries.length < lines) {
    const before = entries[entries.length - 1]?.n;
    const limit = Math.min(PAGE, lines - entries.length);
    const page = await ask({ limit, ...filter, ...(before !== undefined && { before }) });
    ({ handOver } = page);
    entries.push(...page.entries);
    if (page.entries.length < limit) break;
  }
  entries.reverse();
  if (json) await writeJson(io.stdout, entries);
  else
    await writeLines(io.stdout, [
      ...activityView(style, entries),
      ...(handOver === null ? [] : ['', handOverLine(style, handOver)]),
    ]);
  return 'ok';
};

type Ask = (filter: AuditFilter) => Promise<AuditEntries>;

async function source(context: CommandContext): Promise<Ask> {
  const client = await connectIfRunning(context);
  if (client) return (filter) => client.request('audit/recent', filter);
  const { activity } = await context.local();
  return activity;
}
