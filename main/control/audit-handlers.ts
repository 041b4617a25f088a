import type { AUDIT_REQUESTS, AuditDesk, AuditEntries, AuditFilter } from './audit-schema.ts';
import type { ControlContext, ControlHandlers } from './requests.ts';

/** The contract's requests about what happened on this host. */
export function auditHandlers(desk: AuditDesk): Pick<ControlHandlers, keyof typeof AUDIT_REQUESTS> {
  return {
    'audit/recent': (filter) => recent(desk, filter),
    'audit/page': async (page) => ({ entries: await desk.page(page) }),
    'audit/subscribe': async (filter, context) => {
      context.once('audit', () => follow(desk, context));
      return recent(desk, filter);
    },
  };
}

async function recent(desk: AuditDesk, filter: AuditFilter): Promise<AuditEntries> {
  return { entries: await desk.recent(filter), handOver: desk.handOver };
}

/** Least time between two words about the hand-over, in milliseconds: ten entries a second are told. */
const HAND_OVER_EVERY_MS = 500;

function follow(desk: AuditDesk, context: ControlContext): () => void {
  let missed = 0;
  let timer: NodeJS.Timeout | undefined;
  const unlisten = [
    desk.onEntry((entry) => {
      if (context.notify('audit/entry', { entry, missed, handOver: desk.handOver })) missed = 0;
      else missed += 1;
    }),
    desk.onHandOver(() => {
      timer ??= setTimeout(() => {
        timer = undefined;
        context.notify('audit/hand-over', desk.handOver);
      }, HAND_OVER_EVERY_MS);
    }),
  ];
  return () => {
    clearTimeout(timer);
    for (const end of unlisten) end();
  };
}
