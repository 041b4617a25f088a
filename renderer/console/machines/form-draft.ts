import type { MachineDraft } from '../../../main/core/offline/machines/machine.ts';

/** What stands in the form: as it is typed, not as it is kept. */
export interface FormDraft extends Omit<MachineDraft, 'port' | 'tags'> {
  readonly port: string;
  readonly tags: string;
}

export function formOf(machine: MachineDraft): FormDraft {
  return {
    ...machine,
    port: machine.port === null ? '' : String(machine.port),
    tags: machine.tags.join(', '),
  };
}

/** What is sent: a port that is no number is judged by the outpost, as one that cannot be. */
export function draftOfForm({
  port,
  tags,
  ...rest
}: FormDraft): Omit<MachineDraft, 'tags'> & { tags: string[] } {
  const number = port.trim() === '' ? null : Number(port);
  return {
    ...rest,
    port: number !== null && !Number.isFinite(number) ? -1 : number,
    tags: tags
      .split(',')
      .map((tag) => tag.trim())
      .filter((tag) => tag !== ''),
  };
}
