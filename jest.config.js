/** @type {import('jest').Config} */
module.exports = {
	testEnvironment: 'node',
	// Named folders only: demo/node_modules holds a whole n8n.
	roots: ['<rootDir>/test', '<rootDir>/lib', '<rootDir>/nodes', '<rootDir>/credentials'],
	testMatch: ['<rootDir>/test/**/*.test.ts'],
	// These start a real n8n and a browser; they have commands of their own.
	testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/e2e/', '<rootDir>/test/bench/'],
	// Many more than the cores that CI has: what runs in n8n's engine waits for timers two thirds of its time.
	maxWorkers: 10,
	// a worker keeps what the files before left behind
	workerIdleMemoryLimit: '500MB',
	// Only what hangs takes as long: a test must not fail because the machine is busy.
	testTimeout: 300_000,
	// Handed to each module: out of Jest's context every single use of a global is a search. Not those that fake timers replace.
	sandboxInjectedGlobals:
		'Array Boolean Error JSON Map Math Number Object Promise RegExp Set String Symbol WeakMap'.split(' '),
	setupFiles: ['<rootDir>/test/later.ts'],
	transform: {
		'\\.ts$': [
			'@swc/jest',
			{
				jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
				module: { type: 'commonjs' },
				sourceMaps: 'inline',
			},
		],
	},
};
