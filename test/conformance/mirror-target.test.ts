/** @file Runs the suite of the MirrorTarget port on both of its adapters. */
import { makeFolderPlace, makeOnedevPlace } from './mirror-target-places.ts';
import { describeMirrorTarget } from './mirror-target-suite.ts';

describeMirrorTarget('folder', makeFolderPlace);
describeMirrorTarget('onedev', makeOnedevPlace);
