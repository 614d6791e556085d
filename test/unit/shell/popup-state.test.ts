/** @file When the popup is to be seen, in whatever order a desktop tells of one press. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { closedPopup, nextPopupState, type PopupEvent, type PopupState } from '../../../src-main/shell/popup-state.ts';

const press = (at: number, isReady = true): PopupEvent => ({ kind: 'press', at, isReady });
const left = (at: number, isAtIcon = false): PopupEvent => ({ kind: 'left', at, isAtIcon });
const ready: PopupEvent = { kind: 'ready' };
const dismissed: PopupEvent = { kind: 'dismissed' };

function after(...events: readonly PopupEvent[]): PopupState['kind'] {
  return events.reduce<PopupState>(nextPopupState, closedPopup).kind;
}

describe('the state of the popup', () => {
  it.each<[string, readonly PopupEvent[], PopupState['kind']]>([
    ['a press opens it', [press(0)], 'open'],
    ['the first press waits for the page', [press(0, false)], 'wanted'],
    ['a page that is there opens what is wanted', [press(0, false), ready], 'open'],
    ['a second press while it waits takes the wish back', [press(0, false), press(9, false), ready], 'closed'],
    ['a page that is there alone opens nothing', [ready], 'closed'],
    ['a second press closes it', [press(0), press(900)], 'closed'],
    ['a third press opens it again', [press(0), press(900), press(1_000)], 'open'],
    ['whoever turns elsewhere closes it', [press(0), left(500)], 'closed'],
    ['Escape closes it', [press(0), dismissed], 'closed'],
    ['Escape is no press: the next one opens', [press(0), dismissed, press(1)], 'open'],
    ['something else that opens takes the wish back', [press(0, false), dismissed, ready], 'closed'],
    ['the press that took the keyboard away closes', [press(0), left(500), press(600)], 'closed'],
    [
      'a press that was held long closes too, with the pointer at the icon',
      [press(0), left(500, true), press(1_400)],
      'closed',
    ],
    ['a press after a turn elsewhere opens', [press(0), left(500), press(900)], 'open'],
    ['a press long after a turn elsewhere opens', [press(0), left(500, true), press(1_600)], 'open'],
    ['one closing press is one: the next opens', [press(0), left(500), press(600), press(700)], 'open'],
    ['a clock that was set back swallows no press', [press(0), left(90_000, true), press(10)], 'open'],
    ['the keyboard that goes twice is gone once', [press(0), left(500), left(2_000), press(2_001)], 'open'],
    ['a popup that is waited for has no keyboard to lose', [press(0, false), left(5), ready], 'open'],
  ])('%s', (_what, events, expected) => {
    expect(after(...events)).toBe(expected);
  });

  it('is closed by a press on the icon while it is open, whichever of both is told first', () => {
    const held = fc.integer({ min: 0, max: 999 });
    fc.assert(
      fc.property(fc.nat(1_000_000), held, fc.boolean(), (at, heldMs, isLeftFirst) => {
        const both = [left(at, true), press(at + heldMs)];
        expect(after(press(at - 5_000), ...(isLeftFirst ? both : both.toReversed()))).toBe('closed');
      }),
    );
  });

  it('never hangs: from whatever happened, two presses some time later open it', () => {
    const event = fc.oneof(
      fc.record({ kind: fc.constant('press' as const), at: fc.nat(10_000), isReady: fc.boolean() }),
      fc.record({ kind: fc.constant('left' as const), at: fc.nat(10_000), isAtIcon: fc.boolean() }),
      fc.constantFrom(ready, dismissed),
    );
    fc.assert(
      fc.property(fc.array(event, { maxLength: 30 }), (events) => {
        const one = after(...events, press(20_000));
        const two = after(...events, press(20_000), press(30_000));
        expect([one, two].filter((kind) => kind === 'open')).toHaveLength(1);
      }),
    );
  });
});
