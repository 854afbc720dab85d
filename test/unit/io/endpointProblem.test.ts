import { expect, it } from 'vitest';
import { endpointProblem } from '../../../src/io/endpointProblem.ts';

const fine = [
  'https://api.openai.com/v1',
  'https://models.example:8443/v1/',
  'http://127.0.0.1:11434/v1',
  'http://127.1.2.3/v1',
  'http://localhost:8080/v1',
  'http://LOCALHOST/v1',
  'http://[::1]:8080/v1',
];
it.each(fine)('%s is fine', (url) => {
  expect(endpointProblem(url)).toBeUndefined();
});

const refused: readonly [string, string][] = [
  ['', 'is not a URL'],
  ['api.openai.com/v1', 'is not a URL'],
  ['http://models.example/v1', 'is http on another machine'],
  ['http://127.0.0.1.evil.example/v1', 'is http on another machine'],
  ['http://localhost.evil.example/v1', 'is http on another machine'],
  ['http://0.0.0.0/v1', 'is http on another machine'],
  ['http://[::]/v1', 'is http on another machine'],
  ['http://10.0.0.1/v1', 'is http on another machine'],
  ['http://[::ffff:127.0.0.1]/v1', 'is http on another machine'],
  ['file:///etc/passwd', 'is neither https nor http'],
  ['ws://localhost/v1', 'is neither https nor http'],
  ['https://somebody:secret@models.example/v1', 'holds a user name or a password'],
  ['http://localhost@models.example/v1', 'holds a user name or a password'],
  ['https://models.example/v1?key=secret', 'holds a query'],
  ['https://models.example/v1?', 'holds a query'],
  ['https://models.example/v1#there', 'holds a fragment'],
];
it.each(refused)('%s: the base URL %s', (url, because) => {
  const problem = endpointProblem(url);
  expect(problem).toContain(because);
  expect(problem).toContain('nothing was sent; set warrant.model.baseUrl');
  expect(problem).not.toContain('secret');
});
