/** @file What to mirror, as the engine's face offers it. */
import type { GithubId } from '../domain/repository.ts';
import type { Answer, SelectionRules } from '../domain/selection.ts';
import type { SelectionPreview } from '../domain/selection-preview.ts';
import type { ChosenIds } from './config-file.ts';
import { EngineFinding } from './engine-finding.ts';

export abstract class EngineSelection extends EngineFinding {
  selectionRules(): Promise<SelectionRules> {
    return this.selection.selectionRules();
  }

  previewSelection(rules: SelectionRules): Promise<SelectionPreview> {
    return this.selection.previewSelection(rules);
  }

  savedRules(): Promise<SelectionRules | null> {
    return this.selection.savedRules();
  }

  chosen(): Promise<ChosenIds> {
    return this.selection.chosen();
  }

  replaceChoices(choices: ChosenIds): Promise<void> {
    return this.selection.replaceChoices(choices);
  }

  awaitSelection(): Promise<void> {
    return this.selection.awaitSelection();
  }

  awaitsSelection(): Promise<boolean> {
    return this.selection.awaitsSelection();
  }

  isUntouched(): Promise<boolean> {
    return this.selection.isUntouched();
  }

  choose(githubIds: readonly GithubId[], answer: Answer | null): Promise<number> {
    return this.selection.choose(githubIds, answer);
  }
}
