import { createHash } from 'node:crypto';

/** A made-up secret as it stands in text. `bare` is what must not be seen, piece by piece where it has several lines. */
export type SecretSample = {
  readonly kind: string;
  readonly name: string;
  readonly text: string;
  readonly bare: readonly string[];
};

const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const LOWER = UPPER.toLowerCase();
const DIGITS = '0123456789';
const ALNUM = UPPER + LOWER + DIGITS;
const HEX = `${DIGITS}abcdef`;
const BASE64 = `${ALNUM}+/`;
const BASE64URL = `${ALNUM}-_`;

/** Characters that look random and are the same in every run; computed, so that no scanner finds them in the source. */
export function characters(alphabet: string, length: number, seed: string): string {
  let made = '';
  for (let round = 0; made.length < length; round += 1) {
    for (const byte of createHash('sha256').update(`${seed} ${round}`).digest()) {
      if (made.length < length) made += alphabet[byte % alphabet.length] ?? '';
    }
  }
  return made;
}

function keyLines(seed: string): readonly string[] {
  return [...[1, 2, 3, 4, 5].map((line) => characters(BASE64, 64, `${seed}${line}`)), 'kQ7x2Lm9pA=='];
}

function armour(name: string, lines: readonly string[], end = '\n'): string {
  return [`-----BEGIN ${name}-----`, ...lines, `-----END ${name}-----`].join(end);
}

/** A secret that stands by itself, in a place where it might be found. */
function own(kind: string, prefix: readonly string[], body: string, around = 'value: %s\n'): SecretSample {
  const secret = prefix.join('') + body;
  return { kind, name: `${prefix.join('')}…`, text: around.replace('%s', () => secret), bare: [body] };
}

/** A secret that what stands before it gives away. */
function told(kind: string, name: string, secret: string, text: (secret: string) => string): SecretSample {
  const words = secret.split(' ').filter((word) => word.length >= 6);
  return { kind, name, text: text(secret), bare: [secret, ...words] };
}

function inKey(name: string, seed: string, write: (lines: readonly string[]) => string): SecretSample {
  const lines = keyLines(seed);
  return { kind: 'private-key', name, text: write(lines), bare: lines };
}

const c = characters;
const pass = (seed: string) => `${c(LOWER, 4, seed)}-${c(ALNUM, 7, seed)}9x!`;
const pair = (name: string, seed: string) => Buffer.from(`${name}:${pass(seed)}`).toString('base64');
const jwtPart = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

export function secretSamples(): readonly SecretSample[] {
  const url = (user: string) => `${user}:${pass('k8s')}`;
  return [
    ...['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_'].map((prefix) =>
      own('github-token', [prefix], c(ALNUM, 36, prefix)),
    ),
    own('github-token', ['github_', 'pat_'], `${c(ALNUM, 22, 'a')}_${c(ALNUM, 59, 'b')}`),
    own('gitlab-token', ['glpat', '-'], c(BASE64URL, 20, 'gl')),
    own('gitlab-token', ['gldt', '-'], c(ALNUM, 20, 'gd')),
    own('aws-access-key-id', ['AK', 'IA'], c(UPPER, 16, 'aws')),
    own('aws-access-key-id', ['AS', 'IA'], c(UPPER, 16, 'asia')),
    told(
      'aws-secret-access-key',
      'in credentials',
      c(BASE64, 40, 'awss'),
      (s) => `aws_secret_access_key = ${s}\n`,
    ),
    told('aws-secret-access-key', 'in JSON', c(BASE64, 40, 'awsj'), (s) => `{"SecretAccessKey": "${s}"}`),
    told(
      'aws-session-token',
      'in an export',
      c(BASE64, 200, 'awst'),
      (s) => `export AWS_SESSION_TOKEN=${s}==\n`,
    ),
    own('gcp-api-key', ['AI', 'za'], c(BASE64URL, 35, 'gcp')),
    own('gcp-oauth-secret', ['GOC', 'SPX-'], c(BASE64URL, 28, 'gs')),
    own('gcp-oauth-token', ['ya', '29.'], c(BASE64URL, 80, 'ya')),
    told('gcp-private-key-id', 'in a service account', c(HEX, 40, 'pk'), (s) => `"private_key_id": "${s}",`),
    told(
      'azure-storage-key',
      'in a connection string',
      `${c(BASE64, 86, 'az')}==`,
      (s) => `DefaultEndpointsProtocol=https;AccountName=a;AccountKey=${s};EndpointSuffix=x`,
    ),
    told(
      'azure-shared-access-key',
      'in a connection string',
      `${c(BASE64, 43, 'sb')}=`,
      (s) => `Endpoint=sb://a/;SharedAccessKeyName=all;SharedAccessKey=${s}`,
    ),
    told(
      'azure-sas',
      'in a URL',
      `${c(ALNUM, 43, 'sas')}%3D`,
      (s) => `https://a.example/c?sv=2024&se=2026&sp=r&sig=${s}`,
    ),
    own('azure-client-secret', [`${c(ALNUM, 3, 'q')}8`, 'Q~'], c(ALNUM, 34, 'azc')),
    own('slack-token', ['xox', 'b-'], `${c(DIGITS, 12, 's')}-${c(DIGITS, 12, 't')}-${c(ALNUM, 24, 'u')}`),
    own('slack-token', ['xa', 'pp-1-'], `A${c(UPPER, 10, 's')}-${c(DIGITS, 13, 't')}-${c(HEX, 64, 'u')}`),
    told(
      'slack-webhook',
      'a URL',
      `T${c(UPPER, 8, 'w')}/B${c(UPPER, 8, 'x')}/${c(ALNUM, 24, 'y')}`,
      (s) => `https://hooks.slack.com/services/${s}`,
    ),
    own('stripe-key', ['sk_', 'live_'], c(ALNUM, 24, 'st')),
    own('stripe-key', ['rk_', 'test_'], c(ALNUM, 40, 'rk')),
    own('stripe-webhook-secret', ['wh', 'sec_'], c(ALNUM, 32, 'wh')),
    own('openai-key', ['sk-', 'proj-'], c(BASE64URL, 156, 'oa')),
    own('openai-key', ['sk', '-'], c(ALNUM, 48, 'ob')),
    own('openrouter-key', ['sk-', 'or-v1-'], c(HEX, 64, 'or')),
    own('anthropic-key', ['sk-', 'ant-api03-'], c(BASE64URL, 95, 'an')),
    own('hugging-face-token', ['h', 'f_'], c(UPPER + LOWER, 34, 'hf')),
    own('npm-token', ['np', 'm_'], c(ALNUM, 36, 'npm')),
    told(
      'npm-auth',
      'in .npmrc',
      `${c(HEX, 8, 'n')}-${c(HEX, 27, 'm')}`,
      (s) => `//registry.example/:_authToken=${s}\n`,
    ),
    own('pypi-token', ['pypi-', 'AgEI'], c(BASE64URL, 120, 'py')),
    own('docker-hub-token', ['dckr', '_pat_'], c(BASE64URL, 27, 'dk')),
    told(
      'docker-auth',
      'in config.json',
      pair('someone', 'docker'),
      (s) => `{"auths": {"x": {"auth": "${s}"}}}`,
    ),
    own('sendgrid-key', ['S', 'G.'], `${c(BASE64URL, 22, 'sg')}.${c(BASE64URL, 43, 'sh')}`),
    told('twilio-secret', 'an auth token', c(HEX, 32, 'tw'), (s) => `TWILIO_AUTH = "${s}"`),
    told('twilio-secret', 'an API key', `SK${c(HEX, 32, 'tk')}`, (s) => `twilio key: ${s}`),
    own('mailgun-key', ['ke', 'y-'], c(HEX, 32, 'mg')),
    told(
      'mailgun-signing-key',
      'by its name',
      `${c(HEX, 32, 'mh')}-${c(HEX, 8, 'mi')}-${c(HEX, 8, 'mj')}`,
      (s) => `MAILGUN_SIGNING=${s}\n`,
    ),
    told(
      'telegram-bot-token',
      'with its number',
      `AA${c(BASE64URL, 33, 'tg')}`,
      (s) => `bot ${'7'.repeat(10)}:${s}\n`,
    ),
    told(
      'discord-token',
      'by its name',
      `M${c(ALNUM, 23, 'd')}.${c(ALNUM, 6, 'e')}.${c(BASE64URL, 38, 'f')}`,
      (s) => `DISCORD_BOT = "${s}"`,
    ),
    told(
      'discord-webhook',
      'a URL',
      c(BASE64URL, 68, 'dw'),
      (s) => `https://discord.com/api/webhooks/${'1'.repeat(18)}/${s}`,
    ),
    told(
      'jwt',
      'by itself',
      `${jwtPart({ alg: 'HS256', typ: 'JWT' })}.${jwtPart({ sub: 'someone', n: 12 })}.${c(BASE64URL, 43, 'j')}`,
      (s) => `got ${s} back`,
    ),
    ...[
      'RSA PRIVATE KEY',
      'EC PRIVATE KEY',
      'PRIVATE KEY',
      'ENCRYPTED PRIVATE KEY',
      'OPENSSH PRIVATE KEY',
    ].map((name) => inKey(name, name, (lines) => `${armour(name, lines)}\n`)),
    inKey('PGP PRIVATE KEY BLOCK', 'pgp', (lines) => armour('PGP PRIVATE KEY BLOCK', ['', ...lines])),
    inKey('a key with carriage returns', 'cr', (lines) => armour('PRIVATE KEY', lines, '\r\n')),
    inKey('a key in JSON', 'json', (lines) => JSON.stringify({ private_key: armour('PRIVATE KEY', lines) })),
    inKey('a key in JSON in JSON', 'jj', (lines) =>
      JSON.stringify({ content: JSON.stringify({ k: armour('PRIVATE KEY', lines) }) }),
    ),
    inKey('a key with line numbers', 'nr', (lines) =>
      armour('PRIVATE KEY', lines)
        .split('\n')
        .map((line, at) => `${at + 1}\t${line}`)
        .join('\n'),
    ),
    inKey('a key that is added', 'diff', (lines) =>
      armour('PRIVATE KEY', lines)
        .split('\n')
        .map((line) => `+${line}`)
        .join('\n'),
    ),
    inKey('a key in a program', 'js', (lines) =>
      armour('PRIVATE KEY', lines)
        .split('\n')
        .map((line) => `  "${line}\\n" +`)
        .join('\n'),
    ),
    inKey(
      'a PuTTY key',
      'ppk',
      (lines) => `Private-Lines: ${lines.length}\n${lines.join('\n')}\nPrivate-MAC: 0\n`,
    ),
    told('age-key', 'by itself', `AGE-SECRET-KEY-1${c(UPPER + DIGITS, 58, 'age')}`, (s) => `# key\n${s}\n`),
    told(
      'url-password',
      'of a database',
      pass('pg'),
      (s) => `DATABASE=postgres://app:${s}@db.example:5432/app\n`,
    ),
    told(
      'url-password',
      'of a web address',
      pass('web'),
      (s) => `git clone https://someone:${s}@git.example/x.git`,
    ),
    told('url-password', 'without a name', pass('redis'), (s) => `redis://:${s}@cache.example:6379`),
    told('basic-credentials', 'in a header', pair('admin', 'basic'), (s) => `Authorization: Basic ${s}\n`),
    told('bearer-token', 'in a header', c(ALNUM, 40, 'be'), (s) => `curl -H "Authorization: Bearer ${s}" x`),
    told(
      'authorization',
      'a header of another scheme',
      c(HEX, 40, 'au'),
      (s) => `authorization: token ${s}\n`,
    ),
    told(
      'netrc-password',
      'on several lines',
      pass('netrc'),
      (s) => `machine a.example\n  login me\n  password ${s}\n`,
    ),
    told('kubernetes-secret', 'data', Buffer.from(url('a')).toString('base64'), (s) =>
      [
        'apiVersion: v1',
        'kind: Secret',
        'metadata:',
        '  name: db',
        'data:',
        `  dsn: ${s}`,
        'type: Opaque',
        '',
      ].join('\n'),
    ),
    told('kubernetes-secret', 'its kind last', Buffer.from(url('b')).toString('base64'), (s) =>
      ['apiVersion: v1', 'data:', `  dsn: ${s}`, 'kind: Secret', ''].join('\n'),
    ),
    own('digitalocean-token', ['dop', '_v1_'], c(HEX, 64, 'do')),
    own('shopify-token', ['shp', 'at_'], c(HEX, 32, 'sp')),
    own('databricks-token', ['da', 'pi'], c(HEX, 32, 'db')),
    own('linear-key', ['lin', '_api_'], c(ALNUM, 40, 'li')),
    own('notion-token', ['nt', 'n_'], c(ALNUM, 46, 'no')),
    own('postman-key', ['PM', 'AK-'], `${c(HEX, 24, 'pm')}-${c(HEX, 34, 'pn')}`),
    own('grafana-token', ['gl', 'sa_'], `${c(ALNUM, 32, 'gf')}_${c(HEX, 8, 'gg')}`),
    own('vault-token', ['hv', 's.'], c(BASE64URL, 24, 'va')),
    own('terraform-token', [c(ALNUM, 14, 'tf'), '.atlas', 'v1.'], c(ALNUM, 67, 'tg')),
    own('doppler-token', ['dp', '.pt.'], c(ALNUM, 43, 'dp')),
    own('planetscale-token', ['pscale', '_tkn_'], c(ALNUM, 43, 'ps')),
    own('square-token', ['sq0', 'csp-'], c(BASE64URL, 43, 'sq')),
    own('sentry-token', ['sntr', 'yu_'], c(HEX, 64, 'se')),
    own('new-relic-key', ['NR', 'AK-'], c(UPPER + DIGITS, 27, 'nr')),
    own('figma-token', ['fig', 'd_'], c(BASE64URL, 40, 'fi')),
    own('groq-key', ['gs', 'k_'], c(ALNUM, 52, 'gq')),
    own('xai-key', ['xa', 'i-'], c(ALNUM, 80, 'xa')),
    own('perplexity-key', ['pp', 'lx-'], c(ALNUM, 48, 'pp')),
    own('replicate-token', ['r', '8_'], c(ALNUM, 37, 'r8')),
    own('atlassian-token', ['AT', 'ATT3'], c(BASE64URL, 180, 'at')),
    own('rubygems-key', ['ruby', 'gems_'], c(HEX, 48, 'rg')),
    own('supabase-key', ['sb', 'p_'], c(HEX, 40, 'su')),
    own('brevo-key', ['xkey', 'sib-'], `${c(HEX, 64, 'br')}-${c(ALNUM, 16, 'bs')}`),
    own('one-password-token', ['ops', '_eyJ'], c(BASE64URL, 200, 'op')),
    own('nuget-key', ['oy', '2'], c(LOWER + DIGITS, 43, 'nu')),
    told('assigned-secret', 'in .env', pass('env'), (s) => `DB_PASSWORD=${s}\n`),
    told('assigned-secret', 'quoted', pass('quoted'), (s) => `const password = "${s}";`),
    told(
      'assigned-secret',
      'quoted, with spaces',
      `${c(LOWER, 6, 'p')} 47 ${c(ALNUM, 9, 'q')} 81`,
      (s) => `passphrase: '${s}'`,
    ),
    told('assigned-secret', 'in YAML', c(ALNUM, 24, 'yaml'), (s) => `  api_key: ${s}\n`),
    told('assigned-secret', 'in JSON', c(ALNUM, 32, 'json'), (s) => `{"clientSecret":"${s}"}`),
    told('assigned-secret', 'in JSON in JSON', c(HEX, 32, 'jsjs'), (s) =>
      JSON.stringify({ content: JSON.stringify({ api_token: s }) }),
    ),
    told('assigned-secret', 'an option', pass('cli'), (s) => `mysql --password ${s} -u me`),
    told('assigned-secret', 'an option with =', pass('cli2'), (s) => `tool --api-token=${s} run`),
    told(
      'assigned-secret',
      'in a connection string',
      pass('ado'),
      (s) => `Server=x;User Id=sa;Password=${s};`,
    ),
    told('assigned-secret', 'in mark-up', pass('xml'), (s) => `<password>${s}</password>`),
    told('assigned-secret', 'of a call', pass('call'), (s) => `builder.setPassword("${s}")`),
    told('assigned-secret', 'by a hash', pass('rb'), (s) => `:password => '${s}',`),
    told('assigned-secret', 'in a query', c(ALNUM, 30, 'query'), (s) => `GET /x?access_token=${s}&page=2`),
    told('assigned-secret', 'in a header', c(ALNUM, 30, 'head'), (s) => `X-Api-Key: ${s}\n`),
  ];
}

/** Texts that stand where secrets could, each with the kind it must not be taken for. */
export const harmlessSamples: readonly (readonly [kind: string, text: string])[] = [
  ['github-token', 'ghp_tokenOfTheUser and gho_ alone'],
  ['gitlab-token', 'glpat-short'],
  ['aws-access-key-id', 'AKIAlowercase, ASIAN_COUNTRIES_AND_MORE'],
  ['aws-secret-access-key', 'aws_secret_access_key = <the key that the console shows once>'],
  ['gcp-api-key', 'AIzaTooShort'],
  ['azure-storage-key', 'AccountKey=<your key>;'],
  ['azure-sas', 'a sig=1 in a query'],
  ['slack-token', 'xoxb-short'],
  ['stripe-key', 'sk_test_short'],
  ['openai-key', 'the disk-utilities-of-the-kernel-and-their-many-more-words'],
  ['openai-key', 'sk-learn-is-a-package-with-a-rather-long-name-here'],
  ['anthropic-key', `sk-ant-${'x'.repeat(40)}`],
  ['hugging-face-token', `hf_${'a'.repeat(34)}`],
  ['npm-auth', '//registry.example/:_authToken=${NPM_TOKEN}'],
  ['jwt', 'eyJhbGciOiJub25lIn0 is the head alone'],
  ['private-key', '-----BEGIN CERTIFICATE-----\nMIIBszCCAVmgAwIBAgIUQ\n-----END CERTIFICATE-----'],
  ['private-key', '-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIK\n-----END PUBLIC KEY-----'],
  ['url-password', 'postgres://user:password@localhost:5432/app'],
  ['url-password', 'https://user:${PASSWORD}@host.example/'],
  ['url-password', 'http://localhost:8080/@scope/name'],
  ['basic-credentials', 'Basic authentication is described below'],
  ['bearer-token', 'Authorization: Bearer <token>'],
  ['bearer-token', 'a Bearer authentication-scheme-for-the-api'],
  ['authorization', 'authorization: string | undefined'],
  ['netrc-password', 'machine learning login form password field'],
  ['kubernetes-secret', 'kind: SecretProviderClass\ndata:\n  a: somewhere'],
  ['assigned-secret', 'const token = scanner.nextToken();'],
  ['assigned-secret', 'token: SyntaxKind.EndOfFileToken,'],
  ['assigned-secret', 'password: "Enter your password"'],
  ['assigned-secret', 'password = os.environ["DB_PASSWORD"]'],
  ['assigned-secret', 'password: process.env.DB_PASSWORD_2'],
  ['assigned-secret', 'api_key: ${{ secrets.API_KEY_2 }}'],
  ['assigned-secret', 'API_KEY=your-api-key-here-1234'],
  ['assigned-secret', 'secret: "changeme123"'],
  ['assigned-secret', 'tokenLimit = 4096000, tokenType: "utf8string1"'],
  ['assigned-secret', 'tokenUrl: "https://login.example/v2/token0"'],
  ['assigned-secret', 'credentials: "same-origin", authToken: string;'],
  ['assigned-secret', 'password=<redacted:db-password:abcdefgh>'],
];
