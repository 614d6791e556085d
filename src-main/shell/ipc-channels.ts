/** @file Names of the IPC channels between a window and the shell; the preload has the same words. */

export const ipcChannels = {
  /** From a page that has just been loaded. */
  hello: 'epicstar:hello',
  /** A text of the contract, in both directions. */
  message: 'epicstar:message',
  /** To a page: whether the engine is reached. */
  status: 'epicstar:status',
} as const;
