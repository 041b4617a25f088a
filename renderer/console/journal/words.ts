import type { AuditEvent } from '../../../main/core/audit-event.ts';
import { describeAudit } from '../../../main/core/describe-audit.ts';
import { describeAuditDe } from '../../shared/i18n/de-audit.ts';
import { locale } from '../../shared/i18n/translate.ts';

/** What happened, in the page's language; English is the core's own, the same as `sallyport activity` prints. */
export function sayAudit(event: AuditEvent): string {
  return locale() === 'de' ? describeAuditDe(event) : describeAudit(event);
}
