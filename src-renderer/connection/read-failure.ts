/** @file Why something could not be read, in words. */
import { CallError } from '../../src-preload/contract/messages.ts';

/** Null: the connection was lost, which is told elsewhere, and it is read again with the next one. */
export function readFailure(thrown: unknown): string | null {
  if (!(thrown instanceof CallError)) return thrown instanceof Error ? thrown.message : String(thrown);
  if (thrown.name === 'disconnected') return null;
  return thrown.error === null ? thrown.message : `${thrown.error.message} ${thrown.error.nextStep}`;
}
