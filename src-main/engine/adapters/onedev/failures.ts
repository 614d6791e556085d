/** @file Translation of what goes wrong between here and OneDev into the closed set of errors. Pure. */
import { EpicstarError } from '../../domain/errors.ts';

/** Foreign text in a form that fits one line of a message. */
export function quoteText(text: string): string {
  const flat = text.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim();
  if (flat === '') return '(no text)';
  return `"${flat.length > 300 ? `${flat.slice(0, 300)}…` : flat}"`;
}

const untrusted = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
]);

const words: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there (connection refused)',
  ECONNRESET: 'the connection was cut',
  EPIPE: 'the connection was cut',
  UND_ERR_SOCKET: 'the connection was cut',
  ENOTFOUND: 'its name is not known (DNS)',
  EAI_AGAIN: 'its name could not be looked up (DNS)',
  EHOSTUNREACH: 'there is no route to it',
  ENETUNREACH: 'there is no route to it',
  ETIMEDOUT: 'it did not answer in time',
  UND_ERR_CONNECT_TIMEOUT: 'it did not answer in time',
  UND_ERR_HEADERS_TIMEOUT: 'it did not answer in time',
  UND_ERR_BODY_TIMEOUT: 'its answer stopped in the middle',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet; compare the clocks',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
  EPROTO: 'it does not speak TLS there; compare http and https in the address',
  ERR_SSL_WRONG_VERSION_NUMBER: 'it does not speak TLS there; compare http and https in the address',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'it does not speak TLS there; compare http and https in the address',
};

/** What fetch rejected with, for reasons other than our own signals. */
export function unreachable(error: unknown, address: string): EpicstarError {
  const code = networkCode(error);
  const host = new URL(address).host;
  if (code !== null && untrusted.has(code)) {
    return new EpicstarError(
      'target-unavailable',
      `The certificate of ${host} is self-signed or from an unknown authority; name its CA file in the settings (EPICSTAR_CA_FILE).`,
      { cause: error },
    );
  }
  if (code?.startsWith('HPE_') === true) {
    return new EpicstarError('target-unexpected', `What listens at ${host} does not speak HTTP (${code}).`, {
      cause: error,
    });
  }
  const reason = code === null ? 'the request failed' : (words[code] ?? `the request failed (${code})`);
  return new EpicstarError('target-unavailable', `${host}: ${reason}.`, { cause: error });
}

/** Whether the connection broke in a way that a second try on a fresh connection repairs. */
export function isBrokenConnection(error: unknown): boolean {
  return ['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET'].includes(networkCode(error) ?? '');
}

function networkCode(error: unknown): string | null {
  let current: unknown = error;
  for (let depth = 0; depth < 5 && current instanceof Error; depth += 1) {
    if (current instanceof AggregateError) {
      // One for each address of the host.
      const errors: readonly unknown[] = current.errors;
      const code = networkCode(errors[0]);
      if (code !== null) return code;
    }
    if ('code' in current && typeof current.code === 'string') return current.code;
    current = current.cause;
  }
  return null;
}
