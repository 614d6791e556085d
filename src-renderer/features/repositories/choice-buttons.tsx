/** @file What a person may say of one repository that was not said yet: include it, exclude it, leave it to the rules. */
import type { RepositoryView } from '../../../src-preload/contract/views.ts';
import { useClient } from '../../connection/client-context.tsx';
import type { Actions } from '../../connection/use-actions.ts';
import { Button } from '../../ui/button.tsx';
import { backToRules, type BulkAction, exclude, include } from './bulk-actions.ts';

interface ChoiceButtonsProps {
  readonly repository: RepositoryView;
  readonly actions: Actions;
  readonly isLive: boolean;
}

function choicesFor({ choice, state, archivedAt }: RepositoryView): readonly BulkAction[] {
  // In the archive no choice has an effect.
  if (archivedAt !== null) return [];
  if (choice === 'include') return [exclude, backToRules];
  if (choice === 'exclude') return [include, backToRules];
  if (state === 'asks') return [include, exclude];
  return state === 'excluded' ? [include] : [exclude];
}

export function ChoiceButtons({ repository, actions, isLive }: ChoiceButtonsProps) {
  const client = useClient();
  return choicesFor(repository).map(({ key, label, icon, run }) => (
    <Button
      key={key}
      label={label}
      icon={icon}
      isOff={!isLive}
      isBusy={actions.busy.has(key)}
      onPress={() => actions.run(key, () => run(client, [repository.githubId]))}
    />
  ));
}
