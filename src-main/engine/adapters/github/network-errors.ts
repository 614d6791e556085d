/** @file Network errors of Node and undici in words for a person. Knows nothing of GitHub. */

const timeoutCodes = new Set([
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'ETIMEDOUT',
]);

const certificateCodes = new Set([
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'CERT_REVOKED',
  'CERT_UNTRUSTED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'HOSTNAME_MISMATCH',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

/** Certificate errors that a further trusted authority could mend. */
const untrustedCodes = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

export function isTimeout(error: unknown): boolean {
  return timeoutCodes.has(codeOf(error) ?? '');
}

/** One sentence: what happened between here and `host`, and for certificates which setting helps. */
export function describeNetworkError(error: unknown, host: string): string {
  const code = codeOf(error) ?? '';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return `The name of ${host} cannot be resolved (${code}).`;
  if (code === 'ECONNREFUSED') return `${host} refuses the connection (${code}).`;
  if (code === 'ENETUNREACH' || code === 'EHOSTUNREACH') return `There is no way to ${host} (${code}).`;
  if (code === 'UND_ERR_CONNECT_TIMEOUT') return `${host} does not take the connection in time (${code}).`;
  if (timeoutCodes.has(code)) return `${host} sends nothing for too long (${code}).`;
  if (code === 'ECONNRESET' || code === 'EPIPE' || code === 'UND_ERR_SOCKET') {
    return `The connection to ${host} was cut (${code}).`;
  }
  if (untrustedCodes.has(code)) {
    return (
      `The TLS certificate of ${host} is not trusted (${code}). If your network or server has an authority of its ` +
      'own, name its certificate file in EPICSTAR_CA_FILE.'
    );
  }
  if (certificateCodes.has(code)) return `The TLS certificate of ${host} is not valid (${code}).`;
  if (code === 'EPROTO' || code.startsWith('ERR_SSL_')) return `${host} does not speak TLS as it should (${code}).`;
  if (code.startsWith('HPE_')) return `${host} does not speak HTTP as it should (${code}).`;
  if (code.startsWith('Z_') || code.startsWith('ERR_BROTLI')) {
    return `The answer of ${host} cannot be decompressed (${code}).`;
  }
  return `The connection to ${host} failed${code === '' ? '' : ` (${code})`}.`;
}

/** The innermost `code` of an error and its causes. */
function codeOf(error: unknown): string | null {
  let found: string | null = null;
  let current = error;
  for (let depth = 0; depth < 8 && current instanceof Error; depth += 1) {
    if ('code' in current && typeof current.code === 'string') found = current.code;
    // llhttp names most of its errors HPE_…, and some not at all.
    else if (current.name === 'HTTPParserError') found = 'HPE_INVALID';
    current = current.cause;
  }
  return found;
}
