/** @file Rules that are a choice of a few: since when, which kinds, and above which size to ask. */
import type { SelectionRulesView } from '../../../src-preload/contract/setup-views.ts';
import { formatBytes } from '../../../src-preload/contract/words.ts';
import { CheckField, ChoiceField, SelectField } from '../fields.tsx';
import { formatFullTime } from '../format.ts';
import type { RulesProps } from './named-rules.tsx';

const kinds = [
  { rule: 'forks', label: 'Forks' },
  { rule: 'archived', label: 'Archived repositories' },
  { rule: 'privateOnes', label: 'Private repositories' },
] as const;

/** In GitHub's unit, rounded as the rules word it. */
const limitsKb = [500_000, 1_000_000, 2_000_000, 5_000_000, 10_000_000];

export function PlainRules({ rules, onChange }: RulesProps) {
  return (
    <>
      <ChoiceField
        label="Which stars"
        value={rules.scope}
        onChange={(scope) => onChange(chooseScope(rules, scope))}
        options={[
          { value: 'all', label: 'All of them', hint: 'those you have, and those to come' },
          {
            value: 'new-only',
            label: 'New ones only',
            hint:
              rules.scope === 'new-only'
                ? `starred since ${formatFullTime(rules.newSince)}`
                : 'what you star from now on',
          },
        ]}
      />
      <fieldset className="field choice">
        <legend className="field-label">Of these, also mirror</legend>
        {kinds.map(({ rule, label }) => (
          <CheckField
            key={rule}
            label={label}
            isChecked={rules[rule] === 'mirror'}
            onChange={(isChecked) => onChange({ ...rules, [rule]: isChecked ? 'mirror' : 'skip' })}
          />
        ))}
      </fieldset>
      <SelectField
        label="Ask me above"
        value={String(rules.askAboveKb ?? 'never')}
        onChange={(value) => onChange({ ...rules, askAboveKb: value === 'never' ? null : Number(value) })}
        options={[
          { value: 'never', label: 'never' },
          ...limitsWith(rules.askAboveKb).map((limitKb) => ({
            value: String(limitKb),
            label: formatBytes(limitKb * 1_000),
          })),
        ]}
        hint="Larger ones by GitHub’s figure wait until you decide, one by one."
      />
    </>
  );
}

function chooseScope(rules: SelectionRulesView, scope: SelectionRulesView['scope']): SelectionRulesView {
  if (scope === rules.scope) return rules;
  return scope === 'new-only' ? { ...rules, scope, newSince: Date.now() } : { ...rules, scope };
}

/** The usual ones, and one that was set elsewhere. */
function limitsWith(limitKb: number | null): readonly number[] {
  if (limitKb === null || limitsKb.includes(limitKb)) return limitsKb;
  return [...limitsKb, limitKb].sort((a, b) => a - b);
}
