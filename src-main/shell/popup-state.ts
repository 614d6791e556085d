/**
 * @file When the popup is to be seen: presses on the tray icon, and what takes the keyboard away from the popup. A press
 * on the icon while it is open does both at once, in an order that depends on the desktop. Pure.
 */

export type PopupState =
  | {
      readonly kind: 'closed';
      /** The press that closed it may still be on its way, from and until these instants; null: none is. */
      readonly closing: { readonly from: number; readonly until: number } | null;
    }
  /** As soon as its page has something to show. */
  | { readonly kind: 'wanted' }
  | { readonly kind: 'open' };

/** Instants are milliseconds of one clock. */
export type PopupEvent =
  | { readonly kind: 'press'; readonly at: number; readonly isReady: boolean }
  | { readonly kind: 'ready' }
  /** The keyboard went elsewhere. */
  | { readonly kind: 'left'; readonly at: number; readonly isAtIcon: boolean }
  /** Escape, or something else was opened, or it has no place any more. */
  | { readonly kind: 'dismissed' };

export const closedPopup: PopupState = { kind: 'closed', closing: null };

/** A button of the mouse may be held: where it went down at the icon, the press is what took the keyboard away. */
const closingAtIconMs = 1_000;
/** Where the pointer cannot be told to be at the icon. */
const closingMs = 250;

/** An event without a meaning in a state changes nothing. Shown and hidden is by comparing both states. */
export function nextPopupState(state: PopupState, event: PopupEvent): PopupState {
  switch (event.kind) {
    case 'press':
      if (state.kind !== 'closed') return closedPopup;
      if (isClosing(state, event.at)) return closedPopup;
      return { kind: event.isReady ? 'open' : 'wanted' };
    case 'ready':
      return state.kind === 'wanted' ? { kind: 'open' } : state;
    case 'left': {
      if (state.kind !== 'open') return state;
      const { at, isAtIcon } = event;
      return { kind: 'closed', closing: { from: at, until: at + (isAtIcon ? closingAtIconMs : closingMs) } };
    }
    case 'dismissed':
      return state.kind === 'closed' ? state : closedPopup;
  }
}

/** A clock that was set back makes nothing wait. */
function isClosing({ closing }: PopupState & { readonly kind: 'closed' }, at: number): boolean {
  return closing !== null && at >= closing.from && at < closing.until;
}
