import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

// One file at a time: each has a VS Code server and a browser of its own, about 1 GB of memory.
export default defineConfig({
  test: {
    root: fileURLToPath(new URL('../..', import.meta.url)),
    include: ['test/e2e/**/*.e2e.ts'],
    fileParallelism: false,
    hookTimeout: 120_000,
    testTimeout: 120_000,
    allowOnly: !process.env['CI'],
  },
});
