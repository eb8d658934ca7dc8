import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['extension/src/**/*.test.{ts,tsx}', 'widgets/js/**/*.test.ts'],
    environment: 'jsdom'
  }
});
