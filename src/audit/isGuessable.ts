const SHORTEST = 8;

const COMMON = new Set(
  (
    'password passw0rd password1 password123 changeme changeit change-me change_me development production staging ' +
    'localhost undefined disabled enabled required optional username administrator anonymous nopassword example ' +
    'examples testtest testing1 test1234 12345678 qwertyui letmein1 iloveyou football baseball superman starwars ' +
    'default1 defaults database postgres postgresql mongodb rabbitmq elasticsearch keychain keyring external internal ' +
    'redacted placeholder secret123 my-secret mysecret supersecret not-set not_set your-api-key your_api_key ' +
    'your-key-here your_key_here insert-key-here xxx-xxx-xxx none-set dummykey dummy-key dummy_key fake-key fake_key ' +
    'test-key test_key testtoken test-token test_token sometoken something function constructor prototype toString ' +
    'workspace document security username1 osxkeychain libsecret wincred manager-core git-credential store --file ' +
    'personal standard business personal1 publickey password-store gnome-keyring kwallet5 basic-auth bearer-token ' +
    'interactive noninteractive authorization authenticate application continue'
  ).split(' '),
);

/**
 * Whether a value stands in ordinary text too often, or says too little, to be replaced wherever it stands: short
 * values, numbers, common words, paths, one character repeated.
 */
export function isGuessable(value: string): boolean {
  if (value.length < SHORTEST) return true;
  if (/^[\d\s.,:+/-]+$/.test(value)) return true;
  if (/^(.)\1*$/su.test(value)) return true;
  if (COMMON.has(value.toLowerCase())) return true;
  return isPath(value);
}

/** Random text may hold slashes as well; it mixes capitals, small letters and digits, which paths seldom do. */
function isPath(value: string): boolean {
  const pathlike = /^(~|\.{1,2}|[A-Za-z]:)?[\\/][\w.@+ -]*([\\/][\w.@+ -]+)*[\\/]?$/.test(value);
  return pathlike && !(/[A-Z]/.test(value) && /[a-z]/.test(value) && /\d/.test(value));
}
