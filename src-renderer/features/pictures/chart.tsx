/** @file What stands around every chart: its name, one sentence that says what it shows, and its numbers as a table. */
import type { ReactNode } from 'react';
import { Section } from '../../ui/pieces.tsx';

export interface ChartTable {
  readonly head: readonly string[];
  /** The first cell of each row is its name. */
  readonly rows: readonly (readonly [string, ...string[]])[];
}

interface ChartProps {
  readonly title: string;
  readonly caption: string;
  readonly table: ChartTable;
  readonly children: ReactNode;
}

export function Chart({ title, caption, table, children }: ChartProps) {
  return (
    <Section title={title}>
      <figure className="chart">
        <figcaption className="chart-caption">{caption}</figcaption>
        {children}
        <details className="details">
          <summary>
            Show as table<span className="visually-hidden">: {title}</span>
          </summary>
          <div className="chart-table" role="group" tabIndex={0} aria-label={`${title}, table`}>
            <Table table={table} caption={caption} />
          </div>
        </details>
      </figure>
    </Section>
  );
}

function Table({ table: { head, rows }, caption }: { readonly table: ChartTable; readonly caption: string }) {
  return (
    <table>
      <caption className="visually-hidden">{caption}</caption>
      <thead>
        <tr>
          {head.map((name) => (
            <th key={name} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(([name, ...cells]) => (
          <tr key={name}>
            <th scope="row">
              <bdi>{name}</bdi>
            </th>
            {cells.map((cell, index) => (
              <td key={head[index + 1]}>{cell}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
