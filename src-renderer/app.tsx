/** @file The frame of the window: who is connected to what, whether the engine can be heard, and the page. */
import { Redirect, Route, Router, Switch, useRoute } from 'wouter';
import { useHashLocation } from 'wouter/use-hash-location';
import type { ConnectionStatus } from '../src-preload/contract/client.ts';
import type { DesktopView } from '../src-preload/contract/desktop-views.ts';
import type { SetupView } from '../src-preload/contract/setup-views.ts';
import { setupStepNames } from '../src-preload/contract/setup-views.ts';
import { type OverviewView, repositoryStateNames } from '../src-preload/contract/views.ts';
import { useConnection, useTopic } from './connection/client-context.tsx';
import { useFreshDesktop } from './connection/use-desktop.ts';
import { ActivityPage } from './features/activity/activity-page.tsx';
import { ConnectionBanner, NotConnected } from './features/connection/connection-states.tsx';
import { Header } from './features/header.tsx';
import { HistoryPage } from './features/history/history-page.tsx';
import { PicturesPage } from './features/pictures/pictures-page.tsx';
import { Popup } from './features/popup/popup.tsx';
import { RepositoriesPage } from './features/repositories/repositories-page.tsx';
import { RescuedPage } from './features/rescued/rescued-page.tsx';
import { NoEnginePage } from './features/settings/no-engine-page.tsx';
import { SettingsPage } from './features/settings/settings-page.tsx';
import { Wizard } from './features/setup/wizard.tsx';
import { ErrorBoundary } from './ui/error-boundary.tsx';

/** Behind `#`: the same addresses work from a server and in the desktop program. */
const addresses = { hook: useHashLocation };

export function App() {
  return (
    <ErrorBoundary>
      <Router {...addresses}>
        <Window />
      </Router>
    </ErrorBoundary>
  );
}

function Window() {
  const connection = useConnection();
  const overview = useTopic('overview');
  const setup = useTopic('setup');
  const desktop = useFreshDesktop();
  const isKnown = overview !== null && setup !== null;
  const isFirstRun = setup !== null && setup.isFirstRun && setup.step !== 'done';
  const [isPopup] = useRoute('/popup');
  const banner = <ConnectionBanner connection={connection} isKnown={isKnown} />;
  if (isPopup) {
    return (
      <Popup
        overview={isKnown ? overview : null}
        isLive={connection === 'open'}
        banner={banner}
        unknown={<NotConnected connection={connection} />}
      />
    );
  }
  return (
    <>
      <Header overview={overview} hasPages={isKnown && !isFirstRun} />
      {banner}
      {isKnown ? (
        <Pages overview={overview} setup={setup} desktop={desktop} connection={connection} isFirstRun={isFirstRun} />
      ) : desktop !== null && desktop.engine.address !== null ? (
        <NoEnginePage desktop={desktop} connection={connection} />
      ) : (
        <NotConnected connection={connection} />
      )}
    </>
  );
}

interface PagesProps {
  readonly overview: OverviewView;
  readonly setup: SetupView;
  /** Null in a browser. */
  readonly desktop: DesktopView | null;
  readonly connection: ConnectionStatus;
  readonly isFirstRun: boolean;
}

function Pages({ overview, setup, desktop, connection, isFirstRun }: PagesProps) {
  const isLive = connection === 'open';
  return (
    <Switch>
      <Route path="/setup/:step?">
        {({ step }) => (
          <Wizard setup={setup} step={setupStepNames.find((name) => name === step) ?? null} isLive={isLive} />
        )}
      </Route>
      {isFirstRun && (
        <Route>
          <Redirect to="/setup" replace />
        </Route>
      )}
      <Route path="/">
        <ActivityPage overview={overview} isLive={isLive} />
      </Route>
      <Route path="/repositories/:githubId?">
        {({ githubId }) => (
          <RepositoriesPage
            isLive={isLive}
            openId={githubId === undefined ? null : Number(githubId)}
            onlyState={null}
          />
        )}
      </Route>
      <Route path="/repositories/in/:state">
        {({ state }) => (
          <RepositoriesPage
            key={state}
            isLive={isLive}
            openId={null}
            onlyState={repositoryStateNames.find((name) => name === state) ?? null}
          />
        )}
      </Route>
      <Route path="/history">
        <HistoryPage isLive={isLive} />
      </Route>
      <Route path="/rescued">
        <RescuedPage overview={overview} isLive={isLive} />
      </Route>
      <Route path="/overview">
        <PicturesPage isLive={isLive} />
      </Route>
      <Route path="/settings">
        <SettingsPage isLive={isLive} setup={setup} desktop={desktop} />
      </Route>
      <Route>
        <Redirect to="/" replace />
      </Route>
    </Switch>
  );
}
