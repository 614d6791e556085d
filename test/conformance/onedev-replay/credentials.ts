/** @file Which credentials a recorded exchange was sent with: the recordings have them blackened, the names tell. */
import type { Player } from './player.ts';
import type { Recorded } from './recording.ts';

const bobsPassword = '<redacted>';

/** The value of the Authorization header (or a whole header of another name, for git), or null for none. */
export function credentialsOf(player: Player, recorded: Recorded): string | null {
  const { name, request } = recorded;
  const header = request.headers['Authorization'];
  if (request.method === 'git') {
    return header === 'none' ? null : gitCredentials(player, name);
  }
  if (header === undefined) {
    return /^(REST|REST POST|lfs|git info\/refs) at /.test(name) ? player.bearer() : null;
  }
  return header.startsWith('Basic') ? basicCredentials(player, name) : tokenCredentials(player, name);
}

function gitCredentials(player: Player, name: string): string {
  switch (name) {
    case 'push bad bearer':
      return 'Bearer wrong';
    case 'ls-remote limited token':
      return player.bearer(player.tokenNamed('limited'));
    case 'ls-remote extraHeader Basic':
      return player.basic('x', player.token);
    case 'ls-remote extraHeader OneDevAuthorization':
      return `OneDevAuthorization: ${player.bearer()}`;
    default:
      return player.bearer(player.tokenNamed(tokenNameIn(name)));
  }
}

function tokenNameIn(name: string): string {
  if (name.startsWith('mirror token')) {
    return 'mirror-only';
  }
  return name.startsWith('reader') ? 'reader' : 'epicstar';
}

function basicCredentials(player: Player, name: string): string {
  const { token } = player;
  const pairs: Readonly<Record<string, readonly [string, string]>> = {
    'REST Basic user:token': ['admin', token],
    'REST Basic x:token': ['x', token],
    'REST Basic token:(empty)': [token, ''],
    'REST Basic :token': ['', token],
    'REST Basic token:x': [token, 'x'],
    'REST bad Basic': ['admin', 'wrong'],
    'REST unknown user Basic': ['nobody', 'admin'],
    'batch basic x:token': ['x', token],
  };
  if (name === 'REST malformed Basic') {
    return 'Basic !!!';
  }
  if (name.includes('bad basic')) {
    return player.basic('x', 'wrong');
  }
  const [user, password] = pairs[name] ?? (name.startsWith('bob ') ? ['bob503', bobsPassword] : ['admin', 'admin']);
  return player.basic(user, password);
}

function tokenCredentials(player: Player, name: string): string {
  if (/bad (bearer|basic)/i.test(name)) {
    return 'Bearer wrong';
  }
  if (name.startsWith('temp ok') || name.startsWith('revoked')) {
    return player.bearer(player.temporaryToken);
  }
  switch (name) {
    case 'REST token scheme':
      return `token ${player.token}`;
    case 'REST bearer lower-case scheme':
      return `bearer ${player.token}`;
    case 'REST Digest':
      return 'Digest username="admin"';
    case 'REST OneDevAuthorization good + Authorization bad':
      return 'Bearer wrong';
    case 'REST expired token':
      return player.bearer(player.tokenNamed('expired'));
    case 'limited token root':
      // Its answer shows that the administrator's token was sent.
      return player.bearer();
    default:
      return player.bearer(player.tokenNamed(name.includes('limited') ? 'limited' : tokenNameIn(name)));
  }
}
