const unit = require('./jest.unit.config.js');

/**
 * For `npm run mutate`: what proves the core and the adapters, without the tests that need thousands of rounds or
 * megabytes to show that something is never slow, never large or never throws. One run of them a mutant would take days.
 */
module.exports = {
	...unit,
	roots: ['lib', 'test/unit/core', 'test/unit/providers', 'test/fixtures'].map((folder) => `<rootDir>/${folder}`),
	// TESTS=window narrows a run to the file that is meant to notice: what the batch imports drags all its hours along
	testMatch: [`<rootDir>/test/unit/{core,providers}/**/${process.env.TESTS ?? '*'}.test.ts`],
	testPathIgnorePatterns: [
		'/node_modules/',
		'<rootDir>/test/unit/core/wire',
		'\\.size\\.test\\.ts$',
		'<rootDir>/test/unit/core/images/(bounds|fuzz)',
		'<rootDir>/test/unit/providers/fuzz',
		'<rootDir>/test/unit/core/batch/(chance|neighbours|detection)',
	],
	maxWorkers: 1,
};
