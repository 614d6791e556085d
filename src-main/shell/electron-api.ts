/** @file The part of Electron that the shell uses. It comes in by argument, so that nothing here loads Electron. */
import type electron from 'electron';

export type ElectronApi = Pick<
  typeof electron,
  | 'app'
  | 'BrowserWindow'
  | 'Tray'
  | 'Menu'
  | 'nativeImage'
  | 'Notification'
  | 'ipcMain'
  | 'shell'
  | 'session'
  | 'protocol'
  | 'powerMonitor'
  | 'nativeTheme'
  | 'screen'
  | 'safeStorage'
>;
