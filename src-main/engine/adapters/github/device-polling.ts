/**
 * @file One device flow under way: asks for a code, then for the token at GitHub's pace, until an answer, time or the
 * caller ends it. Knows neither octokit nor what a token is good for.
 */
import { EpicstarError } from '../../domain/errors.ts';
import { type Clock, sleep } from '../../ports/clock.ts';
import type { PendingDeviceFlow } from '../../ports/sign-in.ts';
import { type Answer, numberHeaderOf } from './answer.ts';
import {
  type AnswerContext,
  assertOwnPage,
  type CodeReply,
  hideSecrets,
  readCode,
  readRefusal,
  readTokenReply,
  splitGrantedScopes,
} from './oauth-answers.ts';
import type { Send } from './oauth-request.ts';
import { cancelled } from './serial-queue.ts';

/** A person waits for the code: two more tries, then the error. */
const codeRetryDelaysMs = [1000, 3000];
const longestBackoffMs = 60_000;
/** A server that names no pause at all is not asked faster than this. */
const shortestIntervalMs = 200;
/** https://datatracker.ietf.org/doc/html/rfc8628#section-3.5 */
const slowDownStepMs = 5000;

/** An expected end without a token, on its way out through octokit. */
export class FlowEnded extends Error {
  override readonly name = 'FlowEnded';
  readonly kind: 'denied' | 'expired';

  constructor(kind: 'denied' | 'expired') {
    super(kind);
    this.kind = kind;
  }
}

export interface DevicePollingOptions {
  readonly clock: Clock;
  readonly context: AnswerContext;
  readonly apiUrl: string;
  readonly resume: PendingDeviceFlow | null;
  readonly signal: AbortSignal;
}

/** All methods reject with FlowEnded, or an EpicstarError as the port promises. */
export class DevicePolling {
  readonly #clock: Clock;
  readonly #context: AnswerContext;
  readonly #apiUrl: string;
  readonly #resume: PendingDeviceFlow | null;
  readonly #signal: AbortSignal;
  readonly #expired = new AbortController();
  readonly #ended: AbortSignal;
  #pending: PendingDeviceFlow | null = null;
  #intervalMs = 0;
  #deadlineMs = Infinity;
  #stopExpiry: () => void = () => undefined;
  /** Whether GitHub may have given the token in an answer that did not arrive. */
  #mayHaveLostAnswer: boolean;

  constructor({ clock, context, apiUrl, resume, signal }: DevicePollingOptions) {
    this.#clock = clock;
    this.#context = context;
    this.#apiUrl = apiUrl;
    this.#resume = resume;
    this.#mayHaveLostAnswer = resume !== null;
    this.#signal = signal;
    this.#ended = AbortSignal.any([signal, this.#expired.signal]);
  }

  /** After `askForCode`. */
  pending(): PendingDeviceFlow {
    if (this.#pending === null) throw new EpicstarError('internal', 'There is no code yet.');
    return this.#pending;
  }

  /** Lets go of its timer. */
  close(): void {
    this.#stopExpiry();
  }

  /** The code to type; of a flow that is resumed, without asking. */
  async askForCode(send: Send): Promise<Answer> {
    const resume = this.#resume;
    if (resume !== null) {
      this.#context.redactor.add(resume.deviceCode);
      assertOwnPage(resume.verificationUri, this.#context);
      this.#begin(resume);
      return this.#codeAnswer(resume);
    }
    const askedAt = this.#clock.now();
    const answer = await this.#sendForCode(send);
    hideSecrets(answer, this.#context.redactor);
    const refusal = readRefusal(answer, this.#context);
    if (refusal !== null && 'error' in refusal) throw refusal.error;
    const code = readCode(answer, this.#context);
    const pending = {
      apiUrl: this.#apiUrl,
      clientId: this.#context.clientId,
      deviceCode: code.device_code,
      userCode: code.user_code,
      verificationUri: code.verification_uri,
      expiresAt: askedAt + code.expires_in * 1000,
      intervalMs: code.interval * 1000,
    };
    this.#begin(pending);
    return this.#codeAnswer(pending);
  }

  /** Polls until there is a token; the scopes in the answer are as octokit expects them, separated by spaces. */
  async askForToken(send: Send): Promise<Answer> {
    let delayMs = this.#intervalMs;
    let failures = 0;
    for (;;) {
      await this.#pause(delayMs);
      const answer = await this.#sendOnce(send);
      if (answer instanceof EpicstarError || isPassing(answer)) {
        failures += 1;
        this.#mayHaveLostAnswer = true;
        const askedForMs = answer instanceof EpicstarError ? 0 : (numberHeaderOf(answer, 'retry-after') ?? 0) * 1000;
        const backoffMs = Math.min(this.#intervalMs * 2 ** failures, longestBackoffMs);
        delayMs = Math.max(this.#intervalMs, backoffMs, askedForMs);
        continue;
      }
      failures = 0;
      hideSecrets(answer, this.#context.redactor);
      if (!this.#mustGoOn(answer)) {
        const reply = readTokenReply(answer);
        return { ...answer, data: { ...reply, scope: splitGrantedScopes(reply.scope).join(' ') } };
      }
      delayMs = this.#intervalMs;
    }
  }

  /** Whether to ask again after the interval; throws for every other refusal. */
  #mustGoOn(answer: Answer): boolean {
    const refusal = readRefusal(answer, this.#context);
    switch (refusal?.kind) {
      case undefined:
        return false;
      case 'pending':
        return true;
      case 'slow-down': {
        const named = refusal.intervalMs ?? 0;
        this.#intervalMs = named > this.#intervalMs ? named : this.#intervalMs + slowDownStepMs;
        return true;
      }
      case 'denied':
      case 'expired':
        throw new FlowEnded(refusal.kind);
      case 'unknown-code':
        // A code is good for one token: only a new one helps where that token was lost on its way.
        throw this.#mayHaveLostAnswer ? new FlowEnded('expired') : refusal.error;
      case 'failed':
        throw refusal.error;
    }
  }

  #begin(pending: PendingDeviceFlow): void {
    this.#pending = pending;
    this.#intervalMs = Math.max(pending.intervalMs, shortestIntervalMs);
    const restMs = Math.max(pending.expiresAt - this.#clock.now(), 0);
    this.#deadlineMs = this.#clock.monotonicMs() + restMs;
    if (restMs === 0) throw new FlowEnded('expired');
    this.#stopExpiry = this.#clock.setTimer(restMs, () => this.#expired.abort());
  }

  #codeAnswer(pending: PendingDeviceFlow): Answer {
    const data: CodeReply = {
      device_code: pending.deviceCode,
      user_code: pending.userCode,
      verification_uri: pending.verificationUri,
      expires_in: Math.max(pending.expiresAt - this.#clock.now(), 0) / 1000,
      interval: pending.intervalMs / 1000,
    };
    return { path: '/login/device/code', status: 200, headers: {}, data };
  }

  async #sendForCode(send: Send): Promise<Answer> {
    for (const delayMs of codeRetryDelaysMs) {
      const answer = await this.#sendOnce(send);
      if (!(answer instanceof EpicstarError) && answer.status < 500) return answer;
      await this.#pause(delayMs);
    }
    const answer = await this.#sendOnce(send);
    if (answer instanceof EpicstarError) throw answer;
    return answer;
  }

  /** No answer is a value here, since it is tried again. */
  async #sendOnce(send: Send): Promise<Answer | EpicstarError> {
    try {
      return await send(this.#ended);
    } catch (error) {
      if (this.#ended.aborted) throw this.#ending();
      if (error instanceof EpicstarError && error.code === 'github-unavailable') return error;
      throw error;
    }
  }

  async #pause(delayMs: number): Promise<void> {
    try {
      await sleep(this.#clock, delayMs, this.#ended);
    } catch {
      // It rejects by the signal alone.
      throw this.#ending();
    }
    if (this.#clock.monotonicMs() >= this.#deadlineMs) throw new FlowEnded('expired');
  }

  #ending(): Error {
    return this.#signal.aborted ? cancelled(this.#signal) : new FlowEnded('expired');
  }
}

/** Answers that say nothing of the flow: too many requests, or a server in trouble. */
function isPassing({ status }: Answer): boolean {
  return status === 429 || status >= 500;
}
