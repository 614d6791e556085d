/** @file Runs the suite of the MirrorTarget port on both of its adapters. */
import { describeHeldMirrors } from './mirror-target-list-suite.ts';
import { makeFolderPlace, makeOnedevPlace } from './mirror-target-places.ts';
import { describeMirrorTarget } from './mirror-target-suite.ts';

describeHeldMirrors('folder', makeFolderPlace);
describeHeldMirrors('onedev', makeOnedevPlace);
describeMirrorTarget('folder', makeFolderPlace);
describeMirrorTarget('onedev', makeOnedevPlace);
