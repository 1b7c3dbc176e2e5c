const whole = require('./jest.config.js');

/** The unit tests on the sources as they are written: no build, so `npm run test:unit -- --watch` works as one types. */
module.exports = {
	...whole,
	testMatch: ['<rootDir>/test/unit/**/*.test.ts'],
	moduleNameMapper: { '^(?:\\.\\./)+dist/(nodes|credentials|lib)/(.*)$': '<rootDir>/$1/$2' },
	collectCoverageFrom: ['lib/**/*.ts', 'nodes/**/*.ts', 'credentials/**/*.ts'],
	coverageReporters: ['text', 'text-summary'],
};
