/** A configuration variable of git and its value. */
export type GitSetting = readonly [key: string, value: string];

/**
 * What a repository may not choose. Set as if on the command line, which no configuration file overrides. Names that a
 * repository invents (filters, drivers, remotes) cannot be listed here: `neutralGit` finds those.
 */
const SETTINGS: readonly GitSetting[] = [
  ['core.fsmonitor', 'false'],
  ['core.hooksPath', '/dev/null'],
  ['core.pager', 'cat'],
  ['core.editor', ':'],
  ['sequence.editor', ':'],
  ['core.sshCommand', 'ssh -oBatchMode=yes'],
  ['core.askPass', ''],
  ['core.attributesFile', '/dev/null'],
  // An empty value ends the list that the files before it began.
  ['credential.helper', ''],
  ['blame.ignoreRevsFile', ''],
  ['protocol.ext.allow', 'never'],
  ['gpg.program', 'gpg'],
  ['gpg.openpgp.program', 'gpg'],
  ['gpg.x509.program', 'gpgsm'],
  ['gpg.ssh.program', 'ssh-keygen'],
  ['gpg.ssh.defaultKeyCommand', ''],
  ['log.showSignature', 'false'],
  // A format of the repository's own could have signatures checked.
  ['format.pretty', 'medium'],
  ['commit.gpgSign', 'false'],
  ['tag.gpgSign', 'false'],
  ['push.gpgSign', 'false'],
  ['interactive.diffFilter', 'cat'],
  ['mailmap.file', '/dev/null'],
  ['init.templateDir', ''],
  // Without its filter, large file storage must fail: files would be committed whole, or checked out as pointers.
  ['filter.lfs.clean', ''],
  ['filter.lfs.smudge', ''],
  ['filter.lfs.process', ''],
  ['filter.lfs.required', 'true'],
  ['gc.auto', '0'],
  ['maintenance.auto', 'false'],
  ['help.autocorrect', '0'],
  // Looking into a submodule is running git by the configuration of another repository.
  ['diff.ignoreSubmodules', 'dirty'],
  ['diff.submodule', 'short'],
  ['status.submoduleSummary', 'false'],
  ['submodule.recurse', 'false'],
  ['fetch.recurseSubmodules', 'false'],
  ['push.recurseSubmodules', 'no'],
];

/**
 * The environment in which git runs nothing that a repository, the system or the user's own settings named. `more`
 * comes after what is always set, and wins. Needs git 2.31 or later; an older one does not see the settings.
 */
export function gitEnvironment(more: readonly GitSetting[] = []): Record<string, string> {
  const environment: Record<string, string> = {
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_SYSTEM: '/dev/null',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_ATTR_NOSYSTEM: '1',
    GIT_ALLOW_PROTOCOL: 'https:http:ssh:git:file',
    // Set and empty: neither the variable nor the configuration names a program.
    GIT_ASKPASS: '',
    SSH_ASKPASS: '',
    SSH_ASKPASS_REQUIRE: 'never',
    GIT_PROXY_COMMAND: '',
    GIT_TERMINAL_PROMPT: '0',
    GCM_INTERACTIVE: 'never',
    GIT_EDITOR: ':',
    GIT_SEQUENCE_EDITOR: ':',
    GIT_MERGE_AUTOEDIT: 'no',
    GIT_PAGER: 'cat',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_NO_REPLACE_OBJECTS: '1',
    // Reading would otherwise fetch what a partial clone left out, from wherever the repository says.
    GIT_NO_LAZY_FETCH: '1',
  };
  const settings = [...SETTINGS, ...more];
  environment['GIT_CONFIG_COUNT'] = String(settings.length);
  for (const [index, [key, value]] of settings.entries()) {
    environment[`GIT_CONFIG_KEY_${index}`] = key;
    environment[`GIT_CONFIG_VALUE_${index}`] = value;
  }
  return environment;
}
