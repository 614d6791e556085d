/** @file Before all tests on an Electron: what they start is built once, not by each file. */
import { buildForPeople } from './electron-runtime.ts';

export function setup(): void {
  buildForPeople();
}
