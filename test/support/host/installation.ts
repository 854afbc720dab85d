/** What set-up found or installed, handed on in the environment. */
export const installation = {
  get node(): string {
    return named('WARRANT_NODE');
  },
  get host(): string {
    return named('WARRANT_HOST');
  },
  get browser(): string {
    return named('WARRANT_BROWSER');
  },
};

function named(name: string): string {
  const value = process.env[name];
  if (value) return value;
  throw new Error(`${name} is not set: start these tests with npm test, npm run editor or npm run e2e.`);
}
