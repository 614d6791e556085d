/** @file Set-up, put together: what is tried before it is stored has parts of its own. */
import { GithubSignInFlow } from './engine/core/github-sign-in.ts';
import { SetupCore, type SetupParts, type TriedTarget } from './engine/core/setup.ts';
import type { TargetCandidate } from './engine/core/setup-api.ts';
import { EpicstarError } from './engine/domain/errors.ts';
import { createGithub } from './engine/adapters/github/github.ts';
import { parseAddress } from './engine/adapters/onedev/address.ts';
import { createOnedevBootstrap } from './engine/adapters/onedev/bootstrap.ts';
import { createAgent } from './engine/adapters/system/http-agent.ts';
import type { Secrets } from './engine/ports/secrets.ts';
import type { Base } from './compose-base.ts';
import { folderAt, gitWith, onedevAt, pushTrialOf } from './compose-places.ts';

export function buildSetup(
  base: Base,
  engine: Pick<SetupParts, 'selection' | 'rebuild' | 'credentialsChanged'>,
): SetupCore {
  const { secrets, settingsStore: settings, clock, log, redactor, signIn, version } = base;
  const hostsFor = (candidate: TargetCandidate): readonly string[] => {
    const allowed = base.settings().allowInsecureHosts;
    const isNamed = candidate.kind === 'onedev' && candidate.allowInsecure;
    return isNamed ? [...allowed, new URL(parseAddress(candidate.url)).hostname] : allowed;
  };
  const targetOf = (candidate: TargetCandidate, storedToken: string | null): TriedTarget => {
    const allowInsecureHosts = hostsFor(candidate);
    if (candidate.kind === 'folder') {
      const target = folderAt(candidate.folder, base.dataDir, { clock, log, allowInsecureHosts });
      return { target, close: () => Promise.resolve() };
    }
    const token = candidate.token ?? storedToken;
    if (token !== null) redactor.add(token);
    const dispatcher = createAgent({ caFile: candidate.caFile, proxyFor: base.proxyFor });
    const secretsOfTrial = onlyToken('onedev-token', token);
    const { caFile } = candidate;
    const tryPush = pushTrialOf(
      gitWith(base, { home: 'git-trials', settings: base.settings(), caFile, agent: dispatcher }),
    );
    const parts = { secrets: secretsOfTrial, clock, log, redactor, dispatcher, allowInsecureHosts, tryPush };
    // A person who waits is told that the server is starting rather than kept waiting for it.
    return { target: onedevAt(candidate.url, candidate.root, parts), close: () => dispatcher.close() };
  };
  return new SetupCore({
    ...engine,
    secrets,
    settings,
    log,
    targetOf,
    bootstrapOf: (candidate) => {
      const allowInsecureHosts = hostsFor(candidate);
      const caFile = candidate.kind === 'onedev' ? candidate.caFile : null;
      const dispatcher = createAgent({ caFile, proxyFor: base.proxyFor });
      const bootstrap = createOnedevBootstrap({ dispatcher, clock, log, redactor, allowInsecureHosts });
      return {
        makeLimitedToken: async (request) => {
          try {
            return await bootstrap.makeLimitedToken(request);
          } finally {
            await dispatcher.close();
          }
        },
      };
    },
    signIn: (hooks) =>
      new GithubSignInFlow({
        ...hooks,
        signIn,
        keeper: secrets,
        secrets,
        clock,
        log,
        githubWith: (apiUrl, token) => {
          redactor.add(token);
          return createGithub({
            clock,
            log,
            redactor,
            version,
            apiUrl,
            secrets: onlyToken('github-token', token),
            dispatcher: base.sideAgent(),
            allowInsecureHosts: base.settings().allowInsecureHosts,
          });
        },
      }),
  });
}

/** Secrets that hold one token alone, for a check before it is stored. */
function onlyToken(wanted: 'github-token' | 'onedev-token', token: string | null): Secrets {
  return {
    read: (name) => Promise.resolve(name === wanted ? token : null),
    write: () => Promise.reject(new EpicstarError('internal', 'A token that is only tried cannot be written.')),
    isFixed: () => Promise.resolve(false),
    origin: (name) => Promise.resolve(name === wanted && token !== null ? 'what was typed' : null),
  };
}
