/** @file Set-up as the window is shown it. Pure. */
import type {
  CheckItemView,
  GithubAccountView,
  SelectionPreviewView,
  SetupView,
} from '../../src-preload/contract/setup-views.ts';
import type { CheckItem, SelectionPreview } from '../engine/core/engine-api.ts';
import type { GithubAccount, SetupState } from '../engine/core/setup-api.ts';
import type { Links } from './links.ts';
import { plainLine } from './plain-text.ts';
import { shapeErrorOrNull } from './shape-error.ts';

const itemsShown = 50;

export function shapeSetup(state: SetupState, links: Links): SetupView {
  const { github, target, test } = state;
  return {
    step: state.step,
    isFirstRun: state.isFirstRun,
    github: {
      state: github.kind,
      code: github.kind === 'waiting' ? shapeCode(github.code, links) : null,
      account: github.kind === 'signed-in' ? shapeAccount(github.account) : null,
      error:
        github.kind === 'signed-out' || github.kind === 'signed-in'
          ? shapeErrorOrNull(github.error ?? null, links)
          : null,
      apiUrl: plainLine(state.githubApiUrl, 2_000),
      canUseDeviceFlow: state.canUseDeviceFlow,
      tokenPage: links.newToken,
      appPage: links.newApp,
    },
    target:
      target === null
        ? null
        : {
            kind: target.kind,
            address: plainLine(target.address, 2_000),
            root: target.root === null ? null : plainLine(target.root, 1_000),
            hasToken: target.hasToken,
          },
    test: test === null ? null : { isRunning: test.isRunning, items: shapeChecks(test.items) },
    fixed: state.fixed.slice(0, 100),
  };
}

function shapeCode(
  code: { readonly userCode: string; readonly verificationUri: string; readonly expiresAt: number },
  links: Links,
): SetupView['github']['code'] {
  const page = links.verification(code.verificationUri);
  return page === null ? null : { userCode: plainLine(code.userCode, 40), page, expiresAt: code.expiresAt };
}

export function shapeAccount(account: GithubAccount): GithubAccountView {
  return {
    login: plainLine(account.login, 100),
    host: plainLine(account.host, 300),
    tokenFrom: plainLine(account.tokenFrom, 2_000),
    scopes: account.scopes?.slice(0, 100).map((scope) => plainLine(scope, 100)) ?? null,
    expiresAt: account.expiresAt,
    limits: account.limits.slice(0, 20).map((limit) => plainLine(limit, 500)),
  };
}

export function shapeChecks(items: readonly CheckItem[]): readonly CheckItemView[] {
  return items.slice(0, itemsShown).map(({ name, state, finding, nextStep }) => ({
    name: plainLine(name, 100),
    state,
    finding: plainLine(finding, 2_000),
    nextStep: nextStep === null ? null : plainLine(nextStep, 500),
  }));
}

export function shapePreview({ choices, ...preview }: SelectionPreview): SelectionPreviewView {
  const facets = (list: typeof choices.owners) =>
    list.slice(0, 100).map(({ value, count }) => ({ value: plainLine(value, 300), count }));
  return {
    ...preview,
    largest: preview.largest.slice(0, 10).map((each) => ({ ...each, fullName: plainLine(each.fullName, 300) })),
    owners: facets(choices.owners),
    languages: facets(choices.languages),
    topics: facets(choices.topics),
    lists: choices.lists === null ? null : facets(choices.lists),
  };
}
