import type { Candidate } from './import-types.ts';
import type { Machine, MachineDraft } from './machine.ts';
import type { PlanRow } from './shapes.ts';

/** What would be put into the book, while it is still being put together. */
export interface Draftable {
  key: string;
  before: Machine | null;
  draft: MachineDraft;
  candidate: Candidate | null;
  origin: string;
  notes: string[];
}

export const EMPTY_ROW: Omit<PlanRow, 'key'> = {
  action: 'skip',
  name: '',
  protocol: '',
  host: '',
  port: null,
  origin: '',
  why: null,
  fields: [],
  notes: [],
  secret: null,
};

/** Where a machine is, in its row. */
export function placeIn({
  name,
  protocol,
  host,
  port,
}: MachineDraft): Pick<PlanRow, 'name' | 'protocol' | 'host' | 'port'> {
  return { name, protocol, host, port };
}
