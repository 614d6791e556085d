/** @file What the window says of updates, and the view that carries it. Pure. */
import type { UpdateStateView } from '../../src-preload/contract/desktop-updates.ts';
import type { UpdateProblem } from './update-problem.ts';
import type { Release, UpdateState } from './update-state.ts';
import type { NoUpdateReason } from './update-support.ts';

interface Words {
  readonly reason: string;
  readonly nextStep: string;
}

const asInstalled = 'Update it the way it was installed.';

const noUpdateWords: Readonly<Record<NoUpdateReason, Words>> = {
  'not-packed': {
    reason: 'This epicstar runs from its source, not from a package.',
    nextStep: 'Get newer source with git pull, then start it again.',
  },
  'system-package': {
    reason: 'This epicstar was installed by the package manager of the system, which updates it too.',
    nextStep: 'Update it there, with all other packages.',
  },
  snap: { reason: 'This epicstar is a snap, which snapd updates by itself.', nextStep: 'There is nothing to do here.' },
  flatpak: { reason: 'This epicstar is a Flatpak, which Flatpak updates.', nextStep: 'Run flatpak update.' },
  'not-appimage': {
    reason: 'On Linux only the AppImage of epicstar updates itself, and this is none.',
    nextStep: asInstalled,
  },
  'no-address': {
    reason: 'Whoever made this package of epicstar named no place to get newer ones from.',
    nextStep: asInstalled,
  },
  'place-not-writable': {
    reason: 'The folder that this AppImage lies in cannot be written by you.',
    nextStep: 'Move the AppImage into a folder of yours, then start it from there.',
  },
  'not-moved': {
    reason: 'macOS runs this epicstar from where it was downloaded to, and lets nothing be changed there.',
    nextStep: 'Quit epicstar, move it to Applications, then start it from there.',
  },
};

const later = 'It is tried again within the hour; you can look now, too.';

const problemWords: Readonly<Record<UpdateProblem, Words>> = {
  'not-reached': { reason: 'The server with the updates was not reached.', nextStep: `Check the network. ${later}` },
  proxy: {
    reason: 'The proxy did not let epicstar through to the server with the updates.',
    nextStep: 'Check the proxy in the settings of the system, and whether it wants a sign-in.',
  },
  certificate: {
    reason: 'The certificate of the server with the updates is not trusted by this computer.',
    nextStep: 'Check the clock of this computer, and whether something on the way reads along.',
  },
  server: { reason: 'The server with the updates answered with an error.', nextStep: later },
  'channel-missing': {
    reason: 'The server with the updates has no list of versions for this channel.',
    nextStep: 'Choose the other channel, or look again later.',
  },
  'file-missing': {
    reason: 'The server names a newer version but does not have its file.',
    nextStep: 'It may be on its way there. Look again later.',
  },
  unreadable: {
    reason: 'The list of versions on the server could not be understood.',
    nextStep: 'Look again later. If it stays so, download epicstar by hand.',
  },
  'wrong-checksum': {
    reason: 'What was downloaded is not what was published. It was thrown away.',
    nextStep: 'Try again. If it happens again, do not install this version.',
  },
  'wrong-signature': {
    reason: 'What was downloaded is not signed by the makers of this epicstar. It was thrown away.',
    nextStep: 'Do not install this version, and tell the makers of epicstar.',
  },
  'disk-full': { reason: 'There is no room left for the download.', nextStep: 'Free some space, then try again.' },
  'not-writable': {
    reason: 'The download could not be written.',
    nextStep: 'Check whether your cache folder can be written, then try again.',
  },
  unknown: { reason: 'The update failed.', nextStep: 'Try again later. The log says more.' },
};

/** @param state all words in it come from this program, but for version and notes */
export function describeUpdate(state: UpdateState): UpdateStateView {
  switch (state.kind) {
    case 'unsupported': {
      const { reason, nextStep } = noUpdateWords[state.why];
      return { kind: 'unsupported', why: reason, nextStep };
    }
    case 'off':
    case 'idle':
    case 'looking':
      return { kind: state.kind };
    case 'current':
      return { kind: 'current', newest: state.newest };
    case 'available':
      return { kind: 'available', ...shown(state.release), sizeBytes: state.release.sizeBytes };
    case 'downloading':
      return { kind: 'downloading', ...shown(state.release), percent: state.percent };
    case 'ready':
      return { kind: 'ready', ...shown(state.release) };
    case 'failed': {
      const version = state.release?.version ?? null;
      return { kind: 'failed', doing: state.doing, version, ...problemWords[state.problem] };
    }
    case 'not-installed':
      return {
        kind: 'failed',
        doing: 'install',
        version: state.version,
        reason: `Version ${state.version} could not be put in the place of this one.`,
        nextStep: 'Look for it again, then try once more. If that fails too, download it by hand.',
      };
  }
}

function shown({ version, notes }: Release): Pick<Release, 'version' | 'notes'> {
  return { version, notes };
}
