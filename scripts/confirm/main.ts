/**
 * Confirms with the owner's key what docs/api marks as open or in conflict, and writes a report to test-output/confirm/.
 *
 *   VIDU_API_KEY=… npm run confirm -- --provider vidu --max-credits 100
 *   ZHIPU_API_KEY=… npm run confirm -- --provider zhipu --max-cost 3
 *   VTRIX_API_KEY=… npm run confirm -- --provider vtrix --max-orders 1
 *
 *   --dry             lists the checks with their prices; nothing is sent, no key is needed
 *   --yes             does not ask before each check that costs something
 *   --region NAME     of the credential, such as china or zai
 *   --base-url URL    another host, such as the emulator's
 *   --other-host      tries the key at the vendor's other host too (or at the URL behind it)
 *   --only TEXT       only checks with this text in their name
 *   --out FOLDER      where the report goes
 *
 * Without a cap nothing that costs is ordered. The key is read from the environment and never shown.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';

import { cleanKey } from '../../lib/n8n/io/apiRoots';
import { CHECKLISTS, confirm, type ConfirmOptions, type Outcome } from './confirm';
import { readArguments, type Wanted } from './arguments';
import { toReport } from './report';

const ROOT = resolve(__dirname, '../..');

async function main(): Promise<number> {
	const wanted = readArguments(process.argv.slice(2), CHECKLISTS);
	const { list } = wanted;
	const key = cleanKey(process.env[list.keyName]);
	if (key === '' && wanted.isDry !== true) {
		process.stderr.write(`There is no key: set ${list.keyName} in the environment, or list the checks with --dry\n`);
		return 2;
	}
	const outcome = await confirm(optionsFor(wanted, key));
	const file = write(outcome, key, wanted.out);
	const count = (verdict: string) => outcome.lines.filter(({ finding }) => finding?.verdict === verdict).length;
	process.stdout.write(
		`\n${count('as read')} as read, ${count('otherwise')} otherwise, ${count('told')} told, ${count('unclear')} unclear, ` +
			`${outcome.lines.filter(({ leftOut }) => leftOut !== undefined).length} left out; ` +
			`ordered for ${outcome.spent} of at most ${outcome.limit} ${outcome.unit}\n${file}\n`,
	);
	if (outcome.isKeyRefused) return 2;
	return count('otherwise') > 0 ? 1 : 0;
}

function optionsFor({ isSure, out, ...wanted }: Wanted, key: string): ConfirmOptions {
	return {
		...wanted,
		key,
		mayPay: async (question) => isSure || (await ask(question)),
		say: (line) => process.stdout.write(`${hide(line, key)}\n`),
		onProgress: (outcome) => void write(outcome, key, out),
	};
}

async function ask(question: string): Promise<boolean> {
	if (!process.stdin.isTTY) {
		process.stdout.write('  left out: nobody is there to ask (--yes pays without asking)\n');
		return false;
	}
	const terminal = createInterface({ input: process.stdin, output: process.stdout });
	const answer = await terminal.question(`  ${question} [y/N] `);
	terminal.close();
	return /^y(es)?$/i.test(answer.trim());
}

/** @returns where the report is */
function write(outcome: Outcome, key: string, folder = join(ROOT, 'test-output', 'confirm')): string {
	const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
	const day = new Date().toISOString().slice(0, 10);
	mkdirSync(folder, { recursive: true });
	const file = join(folder, `${outcome.list.provider}-${day}${outcome.isDry ? '-dry' : ''}.md`);
	writeFileSync(file, hide(toReport(outcome, { version, day }), key));
	return file;
}

/** A service may repeat the key in its answer. */
const hide = (text: string, key: string): string => (key === '' ? text : text.replaceAll(key, '(key)'));

main().then(
	(code) => {
		process.exitCode = code;
	},
	(error: unknown) => {
		const words = error instanceof Error ? error.message : String(error);
		process.stderr.write(`${words}\n`);
		process.exitCode = 2;
	},
);
