/** A value that must not be seen, and the name it goes by. */
export type Secret = { readonly name: string; readonly value: string };

const SECRET_WORDS =
  /^(API|ACCESS|PRIVATE|SECRET|AUTH)?(KEYS?|TOKENS?|SECRETS?|PASSWORDS?|PASSWD|PASSPHRASE|PASS|CREDENTIALS?|CREDS?|AUTH|BEARER|COOKIE|PAT)$/;

/** Last words of names whose values say where or how, never what. */
const PLACE_WORDS =
  /^(PATHS?|FILES?|DIR|DIRS|FOLDER|HOME|SOCK|SOCKET|URL|URI|HOST|PORT|TYPE|METHOD|MODE|NAME|USER|COUNT|LENGTH|SIZE|LIMIT|TTL|TIMEOUT|EXPIRY|PROVIDER|HELPER|ENABLED|DISABLED)$/;

/**
 * The values of an environment that its names give away as secrets (`API_TOKEN`, `githubToken`, `DB_PASSWORD`), and the
 * passwords in its URLs whatever they are called.
 */
export function secretsOf(environment: { readonly [name: string]: string | undefined }): Secret[] {
  const found: Secret[] = [];
  for (const [name, given] of Object.entries(environment)) {
    const value = given?.trim() ?? '';
    if (value === '') continue;
    if (isSecretName(name)) found.push({ name, value });
    const password = /^[a-z][a-z0-9+.-]*:\/\/[^\s/:@]*:([^\s/@]+)@/i.exec(value)?.[1];
    if (password !== undefined) found.push({ name: `${name}_PASSWORD`, value: decoded(password) });
  }
  return found;
}

/** Whether a name says that its value is a secret: `API_TOKEN`, `dbPassword`, but not `TOKEN_LIMIT`. */
export function isSecretName(name: string): boolean {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toUpperCase()
    .split(/[^A-Z0-9]+/)
    .filter((word) => word !== '');
  return !PLACE_WORDS.test(words.at(-1) ?? '') && words.some((word) => SECRET_WORDS.test(word));
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
