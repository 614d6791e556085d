/** @file Space between the parts of a row, which Chrome 83 knows in grids alone: put into margins while CSS is built. */
import type { Plugin, Rule } from 'postcss';

/** Declarations of a rule that hold here, by name. */
function declarationsOf(rule: Rule): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  rule.each((node) => {
    if (node.type === 'decl') found.set(node.prop, node.value);
  });
  return found;
}

/** Rows that are wrapped stay without space between their lines. */
export const flexGap: Plugin = {
  postcssPlugin: 'flex-gap',
  Rule(rule, { Rule: NewRule, Declaration }) {
    const declarations = declarationsOf(rule);
    const gap = declarations.get('gap') ?? declarations.get('column-gap');
    const isFlex = declarations.get('display')?.endsWith('flex') ?? false;
    if (gap === undefined || !isFlex) return;
    const [between = gap, across = between] = gap.split(/\s+(?![^(]*\))/);
    const isColumn = declarations.get('flex-direction')?.startsWith('column') ?? false;
    const margin = isColumn
      ? new Declaration({ prop: 'margin-top', value: between })
      : new Declaration({ prop: 'margin-left', value: across });
    const selector = rule.selectors.map((one) => `${one} > * + *`).join(', ');
    rule.after(new NewRule({ selector, nodes: [margin] }));
  },
};
