import { denyGlobs } from './globs.ts';

/**
 * Names under which people keep secrets beside their code and out of its history. Most files called so hold none; it
 * is being ignored by git that makes one worth a question.
 */
const PATTERNS: readonly string[] = [
  '**/*secret*',
  '**/*credential*',
  '**/*password*',
  '**/*passwd*',
  '**/*token*.{json,yml,yaml,toml,txt,ini,properties}',
  '**/{*.,}env',
  '**/env.*',
  '**/*.env.*',
  '**/.envrc',
  '**/*.local',
  '**/*.local.{json,json5,yml,yaml,toml,ini,xml,js,ts,py,rb,php,properties,conf}',
  '**/local.settings.json',
  '**/local.properties',
  '**/local_settings.py',
  '**/appsettings.*.json',
  '**/application-{local,dev,prod}*.{yml,yaml,properties}',
  '**/*.{tfvars,tfvars.json,tfstate,tfstate.backup}',
  '**/*service*account*.json',
  '**/*api*key*',
  '**/*.{p8,ppk,asc,gpg,kdbx,ovpn,mobileprovision}',
  '**/{kubeconfig*,.npmrc,.yarnrc.yml,.pypirc,.htpasswd,auth.json,.dev.vars,google-services.json,wp-config.php}',
  '**/.vault*',
];

/** Whether a path relative to its root looks like a secret by its name, in any spelling. */
export function secretNameLookup(): (relative: string) => boolean {
  const globs = denyGlobs(PATTERNS);
  return (relative) => globs.covering(relative) !== undefined;
}
