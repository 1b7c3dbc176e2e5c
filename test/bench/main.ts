import './quiet';

import { writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { measureAccount } from './account';
import { measureBatch } from './batch';
import { buildPackage, REPOSITORY } from './build';
import { measureCpu } from './cpu';
import { measureHostile } from './hostile';
import { measureLoad } from './load';
import { measureMemoryTable } from './memory/section';
import { measureOpening } from './opening';
import { measurePeers } from './peers/section';
import { toMarkdown, toText, type Table } from './report';

/** `npm run bench`: measures what the package promises, prints tables, writes docs/benchmarks.md. */

type Section = (packageFolder: string, say: (line: string) => void, before?: string) => Promise<Table> | Table;

const SECTIONS: Record<string, Section> = {
	batch: measureBatch,
	account: measureAccount,
	peers: measurePeers,
	memory: measureMemoryTable,
	cpu: measureCpu,
	load: measureLoad,
	opening: async (_compiled, say, before) => await measureOpening(say, before),
	hostile: measureHostile,
};

const USAGE = `Options
  --only A,B   run these sections: ${Object.keys(SECTIONS).join(', ')}; docs/benchmarks.md is written by full runs only
  --before F   opening: F is another build of this package, to compare with
  --check      exit with 1 when a target is missed`;

const FILE = join(REPOSITORY, 'docs/benchmarks.md');

async function main(): Promise<void> {
	const { values } = parseArgs({
		options: {
			only: { type: 'string', default: Object.keys(SECTIONS).join(',') },
			before: { type: 'string' },
			check: { type: 'boolean', default: false },
			help: { type: 'boolean', short: 'h', default: false },
		},
	});
	const names = values.only.split(',').map((name) => name.trim());
	const unknown = names.find((name) => !(name in SECTIONS));
	if (values.help || unknown !== undefined) {
		console.log(unknown === undefined ? USAGE : `There is no section "${unknown}".\n\n${USAGE}`);
		if (unknown !== undefined) process.exitCode = 1;
		return;
	}
	console.log(machine());
	const packageFolder = buildPackage();
	const tables: Table[] = [];
	for (const name of names) {
		const startMs = Date.now();
		console.log(`\n${name} …`);
		const table = await SECTIONS[name](packageFolder, (line) => console.log(line), values.before);
		tables.push(table);
		console.log(`${toText(table)}\n(${Math.round((Date.now() - startMs) / 1000)} s)`);
	}
	const missed = tables.flatMap((table) => table.missed);
	console.log(
		missed.length === 0 ? '\nEvery target is met.' : `\nMissed:\n${missed.map((line) => `  ${line}`).join('\n')}`,
	);
	if (names.length === Object.keys(SECTIONS).length) {
		writeFileSync(FILE, page(tables));
		console.log(`Written: ${FILE}`);
	}
	if (values.check && missed.length > 0) process.exitCode = 1;
}

const machine = (): string =>
	`Node ${process.versions.node}, ${process.platform} ${process.arch}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GB`;

function page(tables: readonly Table[]): string {
	return `${[
		'# Benchmarks',
		`Made by \`npm run bench\` on ${new Date().toISOString().slice(0, 10)}. ${machine()}.`,
		'Nothing here needs a key or the internet: the services are emulated on this machine. `npm run bench -- --only=batch,memory` runs parts of it, `--check` ends with 1 when a target is missed.',
		...tables.map(toMarkdown),
	].join('\n\n')}\n`;
}

main().catch((error: Error) => {
	console.error(error);
	process.exitCode = 1;
});
