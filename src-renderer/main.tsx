/** @file Entry of the window: builds transport and client, then shows the app. The only place that touches globals. */
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createClient, type Transport } from '../src-preload/contract/client.ts';
import { parseWithoutGeneratedCode } from '../src-preload/contract/schema.ts';
import { createSocketTransport } from '../src-preload/contract/socket-transport.ts';
import { App } from './app.tsx';
import { ClientProvider } from './connection/client-context.tsx';
import { createLinkTransport } from './connection/link-transport.ts';
import './ui/tokens.css';
import './ui/base.css';
import './ui/controls.css';
import './ui/forms.css';
import './ui/panels.css';
import './ui/selection/selection.css';
import './features/header.css';
import './features/activity/activity.css';
import './features/history/history.css';
import './features/pictures/pictures.css';
import './features/popup/popup.css';
import './features/repositories/repositories.css';
import './features/rescued/rescued.css';
import './features/repositories/table.css';
import './features/repositories/detail.css';
import './features/settings/settings.css';
import './features/setup/setup.css';

function setTimer(delayMs: number, fire: () => void): () => void {
  const timer = window.setTimeout(fire, delayMs);
  return () => window.clearTimeout(timer);
}

function makeClient() {
  parseWithoutGeneratedCode();
  const { epicstarLink } = window;
  return createClient(epicstarLink === undefined ? makeSocketTransport() : createLinkTransport(epicstarLink), {
    setTimer,
  });
}

function makeSocketTransport(): Transport {
  const socketUrl = new URL('api/socket', window.location.href);
  socketUrl.protocol = socketUrl.protocol === 'https:' ? 'wss:' : 'ws:';
  const transport = createSocketTransport({
    openSocket: () => new WebSocket(socketUrl),
    isKnown: async () => (await fetch('api/session', { cache: 'no-store' })).status !== 401,
    setTimer,
    random: Math.random,
  });
  const hurry = (): void => transport.hurry();
  window.addEventListener('online', hurry);
  document.addEventListener('visibilitychange', hurry);
  return transport;
}

const root = document.getElementById('root');
if (root === null) throw new Error('the page has no place for the window');
createRoot(root).render(
  <StrictMode>
    <ClientProvider client={makeClient()}>
      <App />
    </ClientProvider>
  </StrictMode>,
);
