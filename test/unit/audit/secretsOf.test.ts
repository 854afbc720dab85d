import { describe, expect, it } from 'vitest';
import { secretsOf } from '../../../src/audit/secretsOf.ts';

const value = ['s3cr3t', 'value', 'here'].join('-');

describe('secretsOf', () => {
  it.each([
    'API_KEY',
    'OPENAI_API_KEY',
    'APIKEY',
    'GITHUB_TOKEN',
    'githubToken',
    'npm_config__authToken',
    'AWS_SECRET_ACCESS_KEY',
    'AWS_ACCESS_KEY_ID',
    'CLIENT_SECRET',
    'DB_PASSWORD',
    'MYSQL_PASSWD',
    'PGPASSPHRASE_PASSPHRASE',
    'GOOGLE_CREDENTIALS',
    'BASIC_AUTH',
    'SESSION_COOKIE',
    'secret',
  ])('takes the value of %s', (name) => {
    expect(secretsOf({ [name]: ` ${value}\n` })).toEqual([{ name, value }]);
  });

  it.each([
    'PATH',
    'HOME',
    'PWD',
    'KEYBOARD',
    'KEYBOARD_LAYOUT',
    'MONKEY',
    'TOKENIZERS_PARALLELISM',
    'SSH_AUTH_SOCK',
    'XAUTHORITY',
    'GOOGLE_CREDENTIALS_FILE',
    'SECRET_KEY_PATH',
    'AUTHOR',
    'PASSENGER_COUNT',
    'TOKEN_LIMIT',
    'COMPASS',
  ])('leaves %s alone', (name) => {
    expect(secretsOf({ [name]: value })).toEqual([]);
  });

  it('takes the password of a URL, whatever it is called', () => {
    const environment = {
      DATABASE_URL: `postgres://someone:${encodeURIComponent('p@ss/word1')}@db.example/x`,
    };
    expect(secretsOf(environment)).toEqual([{ name: 'DATABASE_URL_PASSWORD', value: 'p@ss/word1' }]);
  });

  it('passes over what is empty or absent', () => {
    expect(secretsOf({ API_KEY: undefined, TOKEN: '', SECRET: '  ' })).toEqual([]);
  });
});
