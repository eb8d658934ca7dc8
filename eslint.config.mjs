import jupyter from '@jupyter/eslint-plugin';
import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';

export default tseslint.config(
  {
    ignores: [
      '.venv/**',
      'build/**',
      'node_modules/**',
      'extension/lib/**',
      'extension/ustaz_lab/**',
      'widgets/ustaz_widgets/**'
    ]
  },
  {
    files: ['extension/src/**/*.{ts,tsx}', 'widgets/js/**/*.ts'],
    extends: [...tseslint.configs.strict, ...tseslint.configs.stylistic, prettier],
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      // A namespace beside its class or token is how JupyterLab's own sources place options.
      '@typescript-eslint/no-namespace': 'off',
      // A token and its interface share one name, as JupyterLab asks.
      '@typescript-eslint/no-redeclare': 'off',
      eqeqeq: ['error', 'always'],
      'no-eval': 'error',
      'no-implied-eval': 'error'
    }
  },
  {
    files: ['extension/src/**/*.{ts,tsx}'],
    plugins: { jupyter },
    // The first entry holds the rules for sources; the others are for schemas and Galata.
    rules: jupyter.configs.recommended[0].rules
  },
  { files: ['**/*.mjs'], extends: [prettier] }
);
