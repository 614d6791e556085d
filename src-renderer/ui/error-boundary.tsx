/** @file What is shown when the window itself fails: never a blank page. */
import { Component, type ReactNode } from 'react';

interface State {
  readonly failure: string | null;
}

export class ErrorBoundary extends Component<{ readonly children: ReactNode }, State> {
  override readonly state: State = { failure: null };

  static getDerivedStateFromError(error: unknown): State {
    return { failure: error instanceof Error ? error.message : String(error) };
  }

  override render(): ReactNode {
    const { failure } = this.state;
    if (failure === null) return this.props.children;
    return (
      <main>
        <div className="lone" role="alert">
          <h1>The window failed</h1>
          <p>Mirroring goes on. Load the page again; if this comes back, report it with these words:</p>
          <p className="lone-detail">{failure}</p>
          <button type="button" className="button button-primary" onClick={() => window.location.reload()}>
            Load again
          </button>
        </div>
      </main>
    );
  }
}
