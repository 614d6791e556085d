/** @file What is being entered of a target, over what is stored. Pure. */
import type { SettingView, SetupView, TargetCandidateInput } from '../../../src-preload/contract/setup-views.ts';
import { isReadableOnTheWay, readAddress } from './addresses.ts';

export type TargetKind = 'onedev' | 'folder';

/** Null: not touched, so what is stored counts. */
export interface TargetDraft {
  readonly kind: TargetKind | null;
  readonly url: string | null;
  readonly root: string | null;
  readonly caFile: string | null;
  readonly folder: string | null;
  /** The address for which the person accepted the risk. */
  readonly acceptedAddress: string | null;
}

export const emptyTargetDraft: TargetDraft = {
  kind: null,
  url: null,
  root: null,
  caFile: null,
  folder: null,
  acceptedAddress: null,
};

/** The draft with what is stored beneath it. */
export interface TargetForm {
  readonly kind: TargetKind;
  readonly url: string;
  readonly root: string;
  readonly caFile: string;
  readonly folder: string;
  /** The address of OneDev, made whole; null: what was typed is none. */
  readonly address: string | null;
  /** Plain http to another computer. */
  readonly isReadable: boolean;
  readonly isRiskAccepted: boolean;
  /** Whether a token is stored that belongs to this address. */
  readonly hasStoredToken: boolean;
  /** Address that the stored token belongs to, where it is another; null: none, or the same. */
  readonly otherTokenAddress: string | null;
}

export function makeTargetForm(draft: TargetDraft, setup: SetupView, settings: readonly SettingView[]): TargetForm {
  const { target } = setup;
  const text = (name: string): string => settings.find((setting) => setting.name === name)?.text ?? '';
  const storedUrl = target?.kind === 'onedev' ? target.address : text('onedevUrl');
  const storedKind = target?.kind ?? (text('target') === 'folder' ? 'folder' : 'onedev');
  const storedRoot = target?.root ?? text('onedevRoot');
  const url = draft.url ?? storedUrl;
  const address = readAddress(url);
  const isReadable = address !== null && isReadableOnTheWay(address);
  const hasToken = target?.kind === 'onedev' && target.hasToken;
  const isSameServer = address !== null && isSameOrigin(address, storedUrl);
  return {
    kind: draft.kind ?? storedKind,
    url,
    root: draft.root ?? (storedRoot === '' ? 'github' : storedRoot),
    caFile: draft.caFile ?? text('caFile'),
    folder: draft.folder ?? (target?.kind === 'folder' ? target.address : text('folder')),
    address,
    isReadable,
    isRiskAccepted: isReadable && (draft.acceptedAddress === address || isNamed(address, text('allowInsecure'))),
    hasStoredToken: setup.fixed.includes('onedev-token') || (hasToken && isSameServer),
    otherTokenAddress: hasToken && !isSameServer && !setup.fixed.includes('onedev-token') ? storedUrl : null,
  };
}

export type OnedevPlace = Omit<Extract<TargetCandidateInput, { kind: 'onedev' }>, 'kind' | 'token'>;

/** Null: the address is none. */
export function placeOf(form: TargetForm): OnedevPlace | null {
  if (form.address === null) return null;
  const caFile = form.caFile.trim();
  return {
    url: form.address,
    root: form.root.trim(),
    caFile: caFile === '' ? null : caFile,
    allowInsecure: form.isReadable && form.isRiskAccepted,
  };
}

function isSameOrigin(address: string, stored: string): boolean {
  return URL.canParse(stored) && new URL(stored).origin === new URL(address).origin;
}

/** Whether the settings allow plain http to this host already. */
function isNamed(address: string, allowInsecure: string): boolean {
  const { hostname, host } = new URL(address);
  const names = allowInsecure.split(',').map((name) => name.trim().toLowerCase());
  return names.includes(hostname) || names.includes(host);
}
