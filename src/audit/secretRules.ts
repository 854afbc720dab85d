import { isCredentialPair, isRandom } from './isRandom.ts';

/**
 * One kind of secret that gives itself away by its shape or by what stands before it. The pattern is tried only where
 * one of the literals stands, so it must begin at a literal, or `before` characters ahead of it.
 */
export type SecretRule = {
  /** Stands in the placeholder: small letters, digits and hyphens. */
  readonly kind: string;
  /** In small letters, at least three characters each. */
  readonly literals: readonly string[];
  readonly before?: number;
  /** Sticky, and linear: no nested repeats, every gap bounded. Its group, else the whole match, is the secret and ends it. */
  readonly pattern: RegExp;
  readonly check?: (secret: string) => boolean;
  /** White space may stand between literal and secret, so a stream must not part them. */
  readonly spaced?: true;
};

/** Nothing of a word may stand before a token, but for the end of an escape: `\\n`, `%3D`, `\\u0026`. */
const EDGE = String.raw`(?<!(?<!\\|%[0-9A-Fa-f]|\\u[0-9a-f]{3})[A-Za-z0-9_])`;
/** Ends a token of fixed length: the next character does not belong to it. */
const END = '(?![A-Za-z0-9])';
/** Between a name and its value in code, in settings files, in headers and in mark-up, also inside a JSON text. */
const GIVES = String.raw`\\{0,3}["'\x60]?\]?\s{0,4}(?::=|=>|[=:>,])?\s{0,4}\\{0,3}["'\x60]?`;

/** In order of precedence where two say the same about the same text. */
export const secretRules: readonly SecretRule[] = [
  token('github-token', ['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_'], `gh[pousr]_[A-Za-z0-9]{36,255}`),
  token('github-token', ['github_pat_'], `github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}`),
  token(
    'gitlab-token',
    ['glpat-', 'gldt-', 'glrt-', 'glcbt-', 'glptt-', 'glsoat-', 'glimt-', 'glagent-', 'gloas-', 'glft-'],
    `gl(?:pat|dt|rt|cbt|ptt|soat|imt|agent|oas|ft)-[\\w.-]{20,255}`,
  ),
  token('aws-access-key-id', ['akia', 'asia', 'abia', 'acca'], `A(?:KIA|SIA|BIA|CCA)[A-Z2-7]{16}${END}`),
  {
    kind: 'aws-secret-access-key',
    literals: [
      'aws_secret',
      'secretaccesskey',
      'secret_access_key',
      'secret-access-key',
      'secret access key',
    ],
    pattern: after(
      `(?:aws_secret\\w{0,24}|secret[ _-]?access[ _-]?key)`,
      `[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])`,
    ),
    check: isRandom,
    spaced: true,
  },
  {
    kind: 'aws-session-token',
    literals: ['session_token', 'sessiontoken'],
    pattern: after(`session_?token`, `[A-Za-z0-9/+]{100,2000}={0,2}`),
    spaced: true,
  },
  token('gcp-api-key', ['aiza'], `AIza[\\w-]{35}(?![\\w-])`),
  token('gcp-oauth-secret', ['gocspx-'], `GOCSPX-[\\w-]{28}`),
  token('gcp-oauth-token', ['ya29.'], `ya29\\.[\\w-]{20,1000}`),
  {
    kind: 'gcp-private-key-id',
    literals: ['private_key_id'],
    pattern: after(`private_key_id`, `[0-9a-f]{40}${END}`),
    spaced: true,
  },
  {
    kind: 'azure-storage-key',
    literals: ['accountkey'],
    pattern: after(`accountkey`, `[A-Za-z0-9+/]{86}==`),
    spaced: true,
  },
  {
    kind: 'azure-shared-access-key',
    literals: ['sharedaccesskey'],
    pattern: after(`sharedaccesskey`, `[A-Za-z0-9+/]{43}=`),
    spaced: true,
  },
  {
    kind: 'azure-sas',
    literals: ['sig='],
    pattern: /(?<!(?<!\\u[0-9a-f]{3})[A-Za-z0-9])sig=((?:[A-Za-z0-9+/]|%2[BbFf]){43}(?:=|%3[Dd]))/y,
  },
  {
    ...token('azure-client-secret', ['7q~', '8q~'], `[\\w~.-]{3}[78]Q~[\\w~.-]{31,34}(?![\\w~.-])`),
    before: 3,
  },
  {
    kind: 'slack-webhook',
    literals: ['hooks.slack.com/'],
    pattern: /hooks\.slack\.com\/(?:services|workflows|triggers)\/([A-Za-z0-9+/]{40,60})/y,
  },
  token('slack-token', ['xox'], `xox[abeoprs](?:\\.xox[abp])?-[\\w-]{10,300}`),
  token('slack-token', ['xapp-'], `xapp-\\d-[A-Za-z0-9-]{20,300}`),
  token(
    'stripe-key',
    ['sk_live_', 'sk_test_', 'rk_live_', 'rk_test_', 'sk_prod_', 'rk_prod_'],
    `[sr]k_(?:live|test|prod)_[A-Za-z0-9]{16,255}`,
  ),
  token('stripe-webhook-secret', ['whsec_'], `whsec_[A-Za-z0-9+/=]{32,90}`),
  { ...token('anthropic-key', ['sk-ant-'], `sk-ant-[\\w-]{32,255}`), check: isRandom },
  { ...token('openrouter-key', ['sk-or-'], `sk-or-[\\w-]{32,255}`), check: isRandom },
  {
    ...token(
      'openai-key',
      ['sk-proj-', 'sk-svcacct-', 'sk-admin-', 'sk-none-'],
      `sk-\\w{4,7}-[\\w-]{32,255}`,
    ),
    check: isRandom,
  },
  { ...token('openai-key', ['sk-'], `sk-[A-Za-z0-9]{32,64}${END}`), check: isRandom },
  { ...token('hugging-face-token', ['hf_'], `hf_[A-Za-z]{34}${END}`), check: isMixedCase },
  token('npm-token', ['npm_'], `npm_[A-Za-z0-9]{36}${END}`),
  {
    kind: 'npm-auth',
    literals: ['_authtoken', '_auth=', '_auth =', '_password=', '_password ='],
    pattern:
      /(?<!(?<!\\)[A-Za-z0-9])(?:_authToken|_auth|_password)\s{0,3}[=:]\s{0,3}["']?((?![$%{<])[^\s"'<>\\]{8,400})/iy,
    check: isRandom,
    spaced: true,
  },
  token('pypi-token', ['pypi-agei'], `pypi-AgEI[\\w-]{50,1000}`),
  token('docker-hub-token', ['dckr_pat_', 'dckr_oat_'], `dckr_[po]at_[\\w-]{27,64}`),
  {
    kind: 'docker-auth',
    literals: ['"auth"', '\\"auth\\"'],
    pattern: /\\{0,3}"auth\\{0,3}"\s{0,4}:\s{0,4}\\{0,3}"([A-Za-z0-9+/]{8,600}={0,2})/y,
    check: isCredentialPair,
    spaced: true,
  },
  token('sendgrid-key', ['sg.'], `SG\\.[\\w-]{16,32}\\.[\\w-]{16,64}`),
  {
    kind: 'twilio-secret',
    literals: ['twilio'],
    pattern: /twilio[\w .:="'\\-]{0,60}?(?<![A-Za-z0-9])((?:SK)?[0-9a-f]{32})(?![A-Za-z0-9])/iy,
    spaced: true,
  },
  token('mailgun-key', ['key-'], `key-[0-9a-f]{32}${END}`),
  token('mailgun-key', ['pubkey-'], `pubkey-[0-9a-f]{32}${END}`),
  {
    kind: 'mailgun-signing-key',
    literals: ['mailgun'],
    pattern:
      /mailgun[\w .:="'\\-]{0,60}?(?<![A-Za-z0-9])([0-9a-f]{32}(?:-[0-9a-f]{8}-[0-9a-f]{8})?)(?![A-Za-z0-9-])/iy,
    spaced: true,
  },
  { kind: 'telegram-bot-token', literals: [':aa'], pattern: /(?<=\d{8,10}):(AA[\w-]{33})(?![\w-])/y },
  {
    kind: 'discord-webhook',
    literals: ['/api/webhooks/'],
    pattern: /\/api\/webhooks\/\d{15,25}\/([\w-]{60,100})/y,
  },
  {
    kind: 'discord-token',
    literals: ['discord', 'bot '],
    pattern:
      /(?:discord[\w .:="'\\-]{0,60}?|bot )(?<![\w-])([MNO][\w-]{22,28}\.[\w-]{6}\.[\w-]{27,40})(?![\w-])/iy,
    spaced: true,
  },
  token('jwt', ['eyj'], `eyJ[\\w-]{8,}(?:\\.[\\w-]{8,}){2,4}`),
  token('age-key', ['age-secret-key-1'], `AGE-SECRET-KEY-1[A-Z0-9]{58}`),
  {
    kind: 'url-password',
    literals: ['://'],
    pattern: /(?<=[A-Za-z][A-Za-z0-9+.-]{1,20}):\/\/[^\s/:@"'`<>\\]{0,100}:([^\s/@"'`<>\\${}]{6,256})(?=@)/y,
    check: (secret) => !/^(?:pass|password|passwd|pwd|secret|token|xxx+|\*+|pass(?:word)?\d?)$/i.test(secret),
  },
  {
    kind: 'basic-credentials',
    literals: ['basic '],
    pattern: /basic\s{1,4}([A-Za-z0-9+/]{8,600}={0,2})(?![A-Za-z0-9+/=])/iy,
    check: isCredentialPair,
    spaced: true,
  },
  {
    kind: 'bearer-token',
    literals: ['bearer'],
    pattern: /bearer(?:\s|%20|\+){1,4}((?![<${])[\w.~+/-]{16,4000}={0,2})/iy,
    check: isRandom,
    spaced: true,
  },
  {
    kind: 'authorization',
    literals: ['authorization'],
    pattern:
      /authorization\\{0,3}["']?\s{0,3}[:=,]\s{0,3}\\{0,3}["'`]?(?:token|bot|apikey|api-key|key|digest|sso-key|splunk|pat|private-token)?\s{0,2}([\w.~+/-]{16,4000}={0,2})/iy,
    check: isRandom,
    spaced: true,
  },
  {
    kind: 'netrc-password',
    literals: ['machine '],
    pattern:
      /machine\s{1,8}(?:[^\s.]{1,100}\.\S{1,200}|localhost)(?:\s|\\[nt]){1,8}login(?:\s|\\t){1,8}\S{1,200}?(?:\s|\\[nt]){1,8}password(?:\s|\\t){1,8}((?!<)[^\s"'\\]{3,300})/iy,
    spaced: true,
  },
  token('digitalocean-token', ['dop_v1_', 'doo_v1_', 'dor_v1_'], `do[opr]_v1_[0-9a-f]{64}`),
  token('shopify-token', ['shpat_', 'shpss_', 'shpca_', 'shppa_'], `shp(?:at|ss|ca|pa)_[0-9a-fA-F]{32}`),
  { ...token('databricks-token', ['dapi'], `dapi[0-9a-f]{32}(?:-\\d)?${END}`), check: isRandom },
  token('linear-key', ['lin_api_'], `lin_api_[A-Za-z0-9]{40}`),
  token('notion-token', ['ntn_'], `ntn_[A-Za-z0-9]{40,60}`),
  token('postman-key', ['pmak-'], `PMAK-[0-9a-f]{24}-[0-9a-f]{34}`),
  token(
    'grafana-token',
    ['glsa_', 'glc_'],
    `(?:glsa_[A-Za-z0-9]{32}_[0-9a-fA-F]{8}|glc_[A-Za-z0-9+/]{32,400})`,
  ),
  token('vault-token', ['hvs.', 'hvb.', 'hvr.'], `hv[sbr]\\.[\\w-]{24,300}`),
  { ...token('terraform-token', ['.atlasv1.'], `[A-Za-z0-9]{14}\\.atlasv1\\.[\\w-]{60,70}`), before: 14 },
  token('doppler-token', ['dp.pt.', 'dp.st.', 'dp.ct.'], `dp\\.[psc]t\\.[\\w.-]{40,60}`),
  token('planetscale-token', ['pscale_'], `pscale_(?:tkn|pw|oauth)_[\\w.-]{32,64}`),
  token('square-token', ['sq0atp-', 'sq0csp-'], `sq0(?:atp|csp)-[\\w-]{22,60}`),
  token('sentry-token', ['sntrys_', 'sntryu_'], `sntry[su]_[A-Za-z0-9+/=_]{40,400}`),
  token('new-relic-key', ['nrak-'], `NRAK-[A-Z0-9]{27}${END}`),
  token('figma-token', ['figd_', 'figu_', 'figo_'], `fig[duo]_[\\w-]{36,60}`),
  token('groq-key', ['gsk_'], `gsk_[A-Za-z0-9]{48,60}`),
  token('xai-key', ['xai-'], `xai-[A-Za-z0-9]{70,90}`),
  token('perplexity-key', ['pplx-'], `pplx-[A-Za-z0-9]{40,60}`),
  token('replicate-token', ['r8_'], `r8_[A-Za-z0-9]{37}${END}`),
  token('atlassian-token', ['atatt3', 'atbb', 'atctt3'], `AT(?:ATT3|CTT3|BB)[\\w=-]{28,300}`),
  token('rubygems-key', ['rubygems_'], `rubygems_[0-9a-f]{48}`),
  token('supabase-key', ['sbp_', 'sb_secret_'], `(?:sbp_[0-9a-f]{40}|sb_secret_[\\w-]{30,60})`),
  token('brevo-key', ['xkeysib-'], `xkeysib-[0-9a-f]{64}-[A-Za-z0-9]{16}`),
  token('one-password-token', ['ops_eyj'], `ops_eyJ[\\w+/=-]{100,}`),
  token('nuget-key', ['oy2'], `oy2[a-z0-9]{43}${END}`),
];

/** A token that says by its own beginning what it is; nothing of its alphabet may stand before it. */
function token(kind: string, literals: readonly string[], source: string): SecretRule {
  return { kind, literals, pattern: new RegExp(`${EDGE}${source}`, 'y') };
}

/** A value that is known by the name before it. */
function after(name: string, value: string): RegExp {
  return new RegExp(`${name}${GIVES}(${value})`, 'iy');
}

function isMixedCase(secret: string): boolean {
  return /[a-z]/.test(secret.slice(3)) && /[A-Z]/.test(secret.slice(3));
}
