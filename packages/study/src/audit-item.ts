// What an audit says of one thing.
import { TrustError } from '@madang/trust';

export interface AuditItem {
  readonly what: string;
  readonly outcome: 'checked' | 'wrong' | 'not-checked';
  readonly detail: string;
}

/** What was thrown, with its code where it has one. */
export function faultOf(error: unknown): string {
  if (error instanceof TrustError) return `${error.code}: ${error.message}`;
  return error instanceof Error ? error.message : String(error);
}
