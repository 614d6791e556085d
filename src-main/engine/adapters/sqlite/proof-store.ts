/** @file The part of the Store about comparisons and restore drills: one method, one transaction. */
import type { Drill, Proof } from '../../domain/proof.ts';
import type { GithubId, Instant } from '../../domain/repository.ts';
import type { StoreProofs } from '../../ports/store-proofs.ts';
import { checkPage } from './check-page.ts';
import type { Connection } from './connection.ts';
import * as proofs from './proofs.ts';

export abstract class ProofStore implements StoreProofs {
  readonly #db: Connection;

  constructor(connection: Connection) {
    this.#db = connection;
  }

  async proofs(githubId: GithubId) {
    return this.#db.read(() => proofs.findProofs(this.#db, githubId));
  }

  async writeProof(githubId: GithubId, proof: Proof, digest: string | null) {
    this.#db.write(() => proofs.noteProof(this.#db, githubId, proof, digest));
  }

  async recordDigest(githubId: GithubId, digest: string) {
    this.#db.write(() => proofs.changeDigest(this.#db, githubId, digest));
  }

  async uncomparedSince(since: Instant, only: readonly GithubId[] | null, most: number) {
    checkPage({ offset: 0, limit: most });
    return this.#db.read(() => proofs.listUncompared(this.#db, since, only, most));
  }

  async countMirrors(only: readonly GithubId[] | null) {
    return this.#db.read(() => proofs.countMirrors(this.#db, only));
  }

  async countProofs(since: Instant, only: readonly GithubId[] | null) {
    return this.#db.read(() => proofs.countProofs(this.#db, since, only));
  }

  async writeDrill(githubId: GithubId, drill: Drill) {
    this.#db.write(() => proofs.noteDrill(this.#db, githubId, drill));
  }

  async drillCandidates(most: number) {
    checkPage({ offset: 0, limit: most });
    return this.#db.read(() => proofs.listDrillCandidates(this.#db, most));
  }

  async lastDrill() {
    return this.#db.read(() => proofs.newestDrill(this.#db));
  }

  async badDrills(most: number) {
    checkPage({ offset: 0, limit: most });
    return this.#db.read(() => proofs.listBadDrills(this.#db, most));
  }
}
