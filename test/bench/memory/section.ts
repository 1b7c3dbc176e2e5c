import { megabytes, targetTable, trim, type Row, type Table } from '../report';
import { measureMemory, neededBytes, whyNoRoom } from './measure';

const VIDEOS = { kind: 'videos', count: 20, bytes: 200_000_000 } as const;
const IMAGES = { kind: 'images', count: 20, bytes: 10_000_000 } as const;
const MAX_GROWN_BYTES = 96_000_000;
/** An import, event by event: as many executions as one run would have items. */
const IMPORT = { kind: 'images', bytes: 10_000_000 } as const;
const IMPORTED = 60;
const TIER_5 = { concurrency: 5, whenFull: 'queue', latencyMs: 100 } as const;

export async function measureMemoryTable(packageFolder: string, say: (line: string) => void): Promise<Table> {
	const rows: Row[] = [];
	const add = (row: Row) => {
		rows.push(row);
		say(`  ${row.what}: ${row.measured}`);
	};
	const notes = [
		'The compiled Vidu node in n8n-core with its binary data on disk, in a process of its own, over real sockets to the emulator in another process. Growth is the peak of the resident set (VmHWM on Linux, else samples) over its value when execute() began; held is heap and buffers after all garbage is collected, sampled during the run.',
	];
	const noRoom = whyNoRoom(VIDEOS);
	if (noRoom === undefined) {
		const { grownBytes } = await measureMemory({ ...VIDEOS, packageFolder });
		add({
			what: `Download ${VIDEOS.count} videos of ${megabytes(VIDEOS.bytes)} in one run`,
			target: `grows by < ${megabytes(MAX_GROWN_BYTES)}`,
			measured: megabytes(grownBytes),
			ok: grownBytes < MAX_GROWN_BYTES,
		});
	} else notes.push(`The downloads were skipped: ${noRoom}.`);

	let oneHeldBytes = 0;
	for (let run = 0; run < 3; run += 1) {
		const { heldBytes } = await measureMemory({ ...IMAGES, count: 1, packageFolder, collects: true });
		oneHeldBytes = Math.max(oneHeldBytes, heldBytes);
	}
	const held = await measureMemory({ ...IMAGES, packageFolder, collects: true });
	const plainOne = await measureMemory({ ...IMAGES, count: 1, packageFolder });
	const plain = await measureMemory({ ...IMAGES, packageFolder });
	const limitBytes = neededBytes(IMAGES.bytes) * held.submitsInFlight;
	add({
		what: `${IMAGES.count} items with a binary image of ${megabytes(IMAGES.bytes)} each: held at most`,
		target: `≤ ${megabytes(limitBytes)}, what the submissions on their way need (${held.submitsInFlight} at a time)`,
		measured: `${megabytes(held.heldBytes)} (one item alone, most of 3 runs: ${megabytes(oneHeldBytes)})`,
		ok: held.heldBytes <= limitBytes,
	});
	notes.push(
		`A submission with an image of 10 MB needs the file, and its base64 text as a value, in the body and on the wire: ${megabytes(neededBytes(IMAGES.bytes))}. Left alone, V8 collects late: the resident set of the run grew by ${megabytes(plain.grownBytes)}, that of one item by ${megabytes(plainOne.grownBytes)}; the images together are ${trim((IMAGES.count * IMAGES.bytes) / 1e6)} MB, ${trim((IMAGES.count * IMAGES.bytes * 4) / 3e6)} MB as base64.`,
	);
	const importing = { ...IMPORT, packageFolder, collects: true, service: TIER_5 };
	const together = await measureMemory({ ...importing, executions: 1, count: IMPORTED });
	const each = await measureMemory({ ...importing, executions: IMPORTED, count: 1 });
	const needed = neededBytes(IMPORT.bytes);
	add({
		what: `${IMPORTED} executions at once with a binary image of ${megabytes(IMPORT.bytes)} each, account of tier 5: held at most`,
		target: `≤ ${megabytes(needed)}, what one order on its way needs, as in one run of ${IMPORTED} items; each image sent once`,
		measured: `${megabytes(each.heldBytes)} (one run: ${megabytes(together.heldBytes)}); ${each.submits - 1} orders sent, ${each.submitsInFlight} at a time`,
		ok: each.heldBytes <= needed && each.submits - 1 === IMPORTED && each.submitsInFlight === 1,
	});
	notes.push(
		`The resident set, at its peak between the collections, grew by ${megabytes(each.grownBytes)} with the ${IMPORTED} executions and by ${megabytes(together.grownBytes)} with the one run.`,
	);
	return targetTable('Memory', notes, rows);
}
