/** @file What the window says of a job that moves a long history in parts. */
import { describe, expect, it } from 'vitest';
import { workItemView, type WorkItemView } from '../../src-preload/contract/views.ts';
import { describePart } from '../../src-renderer/ui/job-words.ts';
import { makeWorkItem } from '../support/scripted-facts.ts';

const item = (phase: WorkItemView['phase'], part: WorkItemView['part']): WorkItemView =>
  workItemView.parse({ ...makeWorkItem({ phase, part }), githubPage: null });

describe('a part of a long transfer', () => {
  it('is a slice of a push, a part of a fetch, and nothing where all goes at once', () => {
    expect(describePart(item('push', { number: 3, of: 12 }))).toBe('slice 3 of about 12');
    expect(describePart(item('fetch', { number: 2, of: null }))).toBe('part 2');
    expect(describePart(item('push', { number: 1_200, of: 1_500 }))).toBe('slice 1,200 of about 1,500');
    expect(describePart(item('push', null))).toBeNull();
  });
});
