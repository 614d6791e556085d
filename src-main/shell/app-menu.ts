/** @file The application's menu: macOS has copying and pasting from it; elsewhere there is none. */
import type { ElectronApi } from './electron-api.ts';

export function setAppMenu(menu: ElectronApi['Menu'], platform: NodeJS.Platform): void {
  if (platform !== 'darwin') {
    menu.setApplicationMenu(null);
    return;
  }
  menu.setApplicationMenu(menu.buildFromTemplate([{ role: 'appMenu' }, { role: 'editMenu' }, { role: 'windowMenu' }]));
}
