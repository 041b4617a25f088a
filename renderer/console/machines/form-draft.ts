import { type MachineDraft, NO_CREDENTIALS, usesOf } from '../../../main/core/offline/machines/machine.ts';

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

/**
 * What is sent: without the credentials that another protocol was given. A port that is no number is judged by the
 * outpost, as one that cannot be.
 */
export function draftOfForm({
  port,
  tags,
  ...rest
}: FormDraft): Omit<MachineDraft, 'tags'> & { tags: string[] } {
  const number = port.trim() === '' ? null : Number(port);
  return {
    ...rest,
    ...NO_CREDENTIALS,
    ...Object.fromEntries(usesOf(rest.protocol).map((use) => [use, rest[use]])),
    port: number !== null && !Number.isFinite(number) ? -1 : number,
    tags: tags
      .split(',')
      .map((tag) => tag.trim())
      .filter((tag) => tag !== ''),
  };
}
