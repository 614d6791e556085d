/** @file Errors as the window is shown them. Pure. */
import type { WireError } from '../../src-preload/contract/messages.ts';
import type { ErrorView } from '../../src-preload/contract/views.ts';
import { EpicstarError, type ErrorRecord } from '../engine/core/engine-api.ts';
import type { Links } from './links.ts';
import { plainLine, plainLines } from './plain-text.ts';

export function shapeError(error: ErrorRecord, links: Links): ErrorView {
  const { until, noticeUrl, output } = error.data;
  return {
    code: error.code,
    message: plainLine(error.message, 2_000),
    nextStep: plainLine(error.nextStep, 500),
    action: error.action,
    until: until ?? null,
    notice: links.notice(noticeUrl),
    output: output === undefined || output.trim() === '' ? null : plainLines(output, 8_000),
  };
}

export function shapeErrorOrNull(error: ErrorRecord | null, links: Links): ErrorView | null {
  return error === null ? null : shapeError(error, links);
}

/** What a call failed for, as it goes over the wire; null: it is not one to be shown. */
export function describeFailure(thrown: unknown, links: Links): WireError | null {
  if (!(thrown instanceof EpicstarError) || thrown.code === 'internal') return null;
  const error = shapeError(thrown.toRecord(), links);
  return { name: 'engine-failed', message: error.message, error };
}
