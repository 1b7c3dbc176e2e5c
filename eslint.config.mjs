import { n8nCommunityNodesPlugin } from '@n8n/eslint-plugin-community-nodes';
import n8nNodesPlugin from 'eslint-plugin-n8n-nodes-base';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

/** What ships. lib/ is under the same rules, because the published JavaScript is scanned whole. */
const SHIPPED = ['nodes/**/*.ts', 'credentials/**/*.ts', 'lib/**/*.ts'];
const TOOLS = ['test/**/*.ts', 'demo/*.ts', 'scripts/**/*.ts'];

const { recommended } = n8nCommunityNodesPlugin.configs;
const tsconfigRootDir = import.meta.dirname;

export default defineConfig(
  globalIgnores(['.cache/', 'coverage/', 'demo/output/', 'dist/', 'test-output/']),
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },

  {
    files: [...SHIPPED, ...TOOLS],
    extends: [tseslint.configs.recommendedTypeChecked],
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      // Interfaces that promise are also met by functions that know at once.
      '@typescript-eslint/require-await': 'off',
      // Adapters and parts are plain objects that are taken apart; what needs `this` is a class.
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  // Each as it is compiled: what ships is held to stricter types than its tests.
  { files: SHIPPED, languageOptions: { parserOptions: { project: './tsconfig.json', tsconfigRootDir } } },
  { files: TOOLS, languageOptions: { parserOptions: { project: './tsconfig.test.json', tsconfigRootDir } } },
  // What tests read out of items, answers and pages is any by nature, and is expected to be what they say.
  {
    files: TOOLS,
    rules: {
      '@typescript-eslint/no-base-to-string': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },

  // From here on: what n8n's scanner checks (buildScanConfig in @n8n/scan-community-package).
  {
    files: [...SHIPPED, 'package.json'],
    plugins: recommended.plugins,
    rules: { ...recommended.rules, 'no-console': 'error' },
  },
  { files: [...SHIPPED, 'package.json'], plugins: { 'n8n-nodes-base': n8nNodesPlugin } },
  {
    files: ['package.json'],
    languageOptions: { parser: tseslint.parser },
    rules: n8nNodesPlugin.configs.community.rules,
  },
  {
    files: ['credentials/**/*.ts'],
    rules: {
      ...n8nNodesPlugin.configs.credentials.rules,
      'n8n-nodes-base/cred-class-field-documentation-url-miscased': 'off',
      'n8n-nodes-base/cred-class-field-type-options-password-missing': 'off',
    },
  },
  {
    files: ['nodes/**/*.ts', 'lib/**/*.ts'],
    rules: {
      ...n8nNodesPlugin.configs.nodes.rules,
      'n8n-nodes-base/node-class-description-inputs-wrong-regular-node': 'off',
      'n8n-nodes-base/node-class-description-outputs-wrong': 'off',
      'n8n-nodes-base/node-param-type-options-max-value-present': 'off',
    },
  },

  // These know no n8n; lib/n8n turns what they throw into n8n's own classes.
  {
    files: ['lib/{catalogue,core,providers}/**/*.ts'],
    rules: { '@n8n/community-nodes/require-node-api-error': 'off' },
  },
);
