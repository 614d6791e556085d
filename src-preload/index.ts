/** @file What a page of the desktop program can reach: texts to and from the shell, and nothing else. */
import { contextBridge, ipcRenderer } from 'electron';

contextBridge.exposeInMainWorld('epicstarLink', {
  open(onMessage: (text: string) => void, onStatus: (status: string) => void): void {
    ipcRenderer.removeAllListeners('epicstar:message');
    ipcRenderer.removeAllListeners('epicstar:status');
    ipcRenderer.on('epicstar:message', (_event, text: unknown) => onMessage(String(text)));
    ipcRenderer.on('epicstar:status', (_event, status: unknown) => onStatus(String(status)));
    ipcRenderer.send('epicstar:hello');
  },
  send(text: string): void {
    ipcRenderer.send('epicstar:message', text);
  },
});
