import { writeFileSync } from 'node:fs';

import { messageOf, secondsSince, type Say } from './report';

/**
 * Checks that run one after another against one n8n and share what it holds, printed as they end. A script rather than a test runner's
 * file, because the programs it starts must end with it however it ends.
 */
export class Checks {
	private passed = 0;
	private failed = 0;

	/** @param only names without this text are left out */
	constructor(
		private readonly say: Say,
		private readonly only = '',
	) {}

	async check(name: string, work: () => Promise<void>): Promise<void> {
		if (!name.toLowerCase().includes(this.only.toLowerCase())) return;
		const startMs = Date.now();
		try {
			await work();
			this.passed += 1;
			this.say(`  passed  ${name} (${secondsSince(startMs)})`);
		} catch (error) {
			this.failed += 1;
			this.say(
				`  FAILED  ${name} (${secondsSince(startMs)})\n          ${messageOf(error).replaceAll('\n', '\n          ')}`,
			);
		}
	}

	get hasFailed(): boolean {
		return this.failed > 0;
	}

	/**
	 * @param reportFile gets the counts as JSON, under the names Jest uses
	 * @returns the exit code
	 */
	end(reportFile?: string): number {
		if (reportFile)
			writeFileSync(reportFile, JSON.stringify({ numPassedTests: this.passed, numFailedTests: this.failed }));
		this.say(`${this.passed} passed, ${this.failed} failed`);
		return this.failed === 0 && this.passed > 0 ? 0 : 1;
	}
}

/** The value after `--name` on the command line. */
export function argument(name: string): string | undefined {
	const at = process.argv.indexOf(`--${name}`);
	return at < 0 ? undefined : process.argv[at + 1];
}
