/** @file Repositories, each with what a person says of it: always, never, or as the rules say. */
import type { RepositoryView } from '../../../src-preload/contract/views.ts';

export type Choice = RepositoryView['choice'];

export interface ExceptionRow {
  readonly githubId: number;
  readonly fullName: string;
  /** Undefined: not known yet. */
  readonly choice: Choice | undefined;
  /** Size, and what is known of the reason. */
  readonly words: string;
}

interface ExceptionRowsProps {
  readonly rows: readonly ExceptionRow[];
  readonly label: string;
  /** Id of the one whose choice is under way, as a text. */
  readonly busy: string | null;
  readonly isLive: boolean;
  readonly onChoose: (row: ExceptionRow, choice: Choice) => void;
}

const choices: readonly { readonly choice: Choice; readonly label: string }[] = [
  { choice: null, label: 'By the rules' },
  { choice: 'include', label: 'Always' },
  { choice: 'exclude', label: 'Never' },
];

export function ExceptionRows({ rows, label, busy, isLive, onChoose }: ExceptionRowsProps) {
  if (rows.length === 0) return null;
  return (
    <ul className="rows" aria-label={label}>
      {rows.map((row) => (
        <li className="row exception" key={row.githubId}>
          <div className="row-body">
            <p className="row-title">
              <bdi>{row.fullName}</bdi>
            </p>
            <p className="row-line">{row.words}</p>
          </div>
          <div className="segments" role="group" aria-label={`Mirror ${row.fullName}`}>
            {choices.map(({ choice, label: words }) => (
              <button
                key={words}
                type="button"
                aria-pressed={row.choice === choice}
                aria-disabled={!isLive || busy !== null}
                onClick={() => isLive && row.choice !== choice && onChoose(row, choice)}
              >
                {words}
              </button>
            ))}
          </div>
        </li>
      ))}
    </ul>
  );
}
