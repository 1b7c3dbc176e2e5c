import type { Line, Outcome } from './confirm';

/** What was found, as Markdown: for the maintainers, who put it into docs/api. Without keys and links. */

const cell = (text: string): string => text.replaceAll('|', '\\|').replace(/\s+/g, ' ');

const row = (...cells: string[]): string => `| ${cells.map(cell).join(' | ')} |`;

export function toReport(outcome: Outcome, { version, day }: { version: string; day: string }): string {
	const { list, host, unit, limit, spent, balance, lines, tasks, isDry } = outcome;
	const of = (...verdicts: string[]) => lines.filter(({ finding }) => finding && verdicts.includes(finding.verdict));
	const leftOut = lines.filter(({ leftOut: why }) => why !== undefined);
	const sections = [
		section('Otherwise than the papers say: the package has to change', of('otherwise')),
		section('As read', of('as read')),
		section('Was open, and is told now', of('told')),
		section('Unclear', of('unclear')),
	];
	return [
		`# ${list.provider} at ${host}, ${day}`,
		'',
		`Version ${version}. ${isDry ? 'A dry run: nothing was sent.' : `Ordered for ${spent} of at most ${limit} ${unit}.`}${
			balance ? ` Balance before ${balance.before}, after ${balance.after} credits.` : ''
		}`,
		...(outcome.isKeyRefused
			? ['', '**The key was refused: nothing else was looked at, and nothing was ordered.**']
			: []),
		'',
		...sections.flat(),
		...(leftOut.length === 0
			? []
			: [
					'## Left out',
					'',
					row('Check', 'Datum', 'Price', 'Why'),
					row('---', '---', '---', '---'),
					...leftOut.map((line) => row(line.check, line.fact.what, line.price, line.leftOut ?? '')),
					'',
				]),
		'## What no call of this command can tell',
		'',
		row('Datum', 'Paper', 'How'),
		row('---', '---', '---'),
		...list.byHand.map(({ what, page, how }) => row(what, page, how)),
		'',
		...(tasks.length === 0
			? []
			: [
					'## Tasks that were made',
					'',
					row('Task', 'Check', 'Published', 'Charged'),
					row('---', '---', '---', '---'),
					...tasks.map(({ taskId, check, price, charged }) =>
						row(taskId, check, `${price}`, charged === undefined ? 'not said' : `${charged}`),
					),
					'',
				]),
	].join('\n');
}

function section(heading: string, lines: readonly Line[]): string[] {
	if (lines.length === 0) return [];
	return [
		`## ${heading}`,
		'',
		row('Datum', 'Expected', 'Seen', 'What rests on it', 'Paper', 'Request'),
		row('---', '---', '---', '---', '---', '---'),
		...lines.map(({ fact, finding, request }) =>
			row(fact.what, fact.expected, finding?.seen ?? '', fact.why, fact.page, request),
		),
		'',
	];
}
