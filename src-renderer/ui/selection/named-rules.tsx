/** @file Rules by owner, language, topic, GitHub List and name: what alone is mirrored, and what never is. */
import type { FacetView, SelectionPreviewView, SelectionRulesView } from '../../../src-preload/contract/setup-views.ts';
import { Disclosure } from '../disclosure.tsx';
import { NameList } from './name-list.tsx';
import { PatternLines } from './pattern-lines.tsx';
import { addName, describeRule, type NamedRule, removeName, type Side } from './rules.ts';

export interface RulesProps {
  readonly rules: SelectionRulesView;
  readonly onChange: (rules: SelectionRulesView) => void;
}

interface NamedRulesProps extends RulesProps {
  /** Null: what there is to choose from is not known yet. */
  readonly preview: SelectionPreviewView | null;
}

const kinds = [
  { rule: 'owners', title: 'Owners', noun: 'owner', many: 'owners', a: 'an' },
  { rule: 'languages', title: 'Languages', noun: 'language', many: 'languages', a: 'a' },
  { rule: 'topics', title: 'Topics', noun: 'topic', many: 'topics', a: 'a' },
] as const;

export function NamedRules(props: NamedRulesProps) {
  const { rules, preview } = props;
  return (
    <div className="rule-group">
      {kinds.map(({ rule, title, noun, many }) => (
        <Disclosure key={rule} summary={title} aside={describeRule(rules[rule]) ?? 'any'}>
          <BothSides {...props} rule={rule} noun={noun} many={many} suggestions={preview?.[rule] ?? []} />
        </Disclosure>
      ))}
      <Disclosure summary="GitHub Lists" aside={describeRule(rules.lists) ?? 'any'}>
        <Lists {...props} />
      </Disclosure>
      <Disclosure summary="Names" aside={describeRule(rules.namePatterns) ?? 'any'}>
        <PatternLines {...props} />
      </Disclosure>
    </div>
  );
}

function Lists(props: NamedRulesProps) {
  const { rules, preview } = props;
  const lists = preview?.lists ?? null;
  const isNamed = rules.lists.only.length + rules.lists.never.length > 0;
  return (
    <>
      {preview !== null && lists === null && (
        <p>
          This token cannot read your GitHub Lists, or they were not read yet. Rules by list have no effect until then.
        </p>
      )}
      {lists !== null && lists.length === 0 && <p>You have no GitHub Lists.</p>}
      {(lists !== null && lists.length > 0) || isNamed ? (
        <BothSides {...props} rule="lists" noun="list" many="lists" suggestions={lists ?? []} />
      ) : null}
    </>
  );
}

interface BothSidesProps extends RulesProps {
  readonly rule: NamedRule;
  readonly noun: string;
  readonly many: string;
  readonly suggestions: readonly FacetView[];
}

function BothSides({ rules, onChange, rule, noun, many, suggestions }: BothSidesProps) {
  const list = (side: Side, label: string) => (
    <NameList
      label={label}
      noun={noun}
      names={rules[rule][side]}
      suggestions={suggestions}
      onAdd={(name) => onChange(addName(rules, rule, side, name))}
      onRemove={(name) => onChange(removeName(rules, rule, side, name))}
    />
  );
  return (
    <div className="both-sides">
      {list('only', `Only these ${many}`)}
      {list('never', `Never these ${many}`)}
    </div>
  );
}
