import { parseArgs } from 'node:util';

import type { ConfirmOptions } from './confirm';
import type { Checklist } from './types';

/** What the command line asks for. */
export type Wanted = Pick<ConfirmOptions, 'list' | 'region' | 'baseUrl' | 'limit' | 'isDry' | 'otherHost' | 'only'> & {
	/** Pays without asking. */
	isSure: boolean;
	/** Where the report goes, in place of test-output/confirm. */
	out?: string;
};

/** @throws Error in words for whoever typed it */
export function readArguments(argv: readonly string[], lists: readonly Checklist[]): Wanted {
	const { values } = parseArgs({
		// the flag alone means the vendor's own
		args: argv.map((word, at) =>
			word === '--other-host' && !/^https?:/.test(argv[at + 1] ?? '') ? '--other-host=true' : word,
		),
		options: {
			provider: { type: 'string' },
			'max-credits': { type: 'string' },
			'max-cost': { type: 'string' },
			'max-orders': { type: 'string' },
			region: { type: 'string' },
			'base-url': { type: 'string' },
			'other-host': { type: 'string' },
			only: { type: 'string' },
			out: { type: 'string' },
			dry: { type: 'boolean' },
			yes: { type: 'boolean' },
		},
	});
	const list = lists.find(({ provider }) => provider === values.provider);
	if (!list) throw new Error(`Say which: ${lists.map(({ provider }) => `--provider ${provider}`).join(', ')}`);
	const { option } = list.cap;
	for (const cap of ['max-credits', 'max-cost', 'max-orders'] as const)
		if (values[cap] !== undefined && `--${cap}` !== option)
			throw new Error(`What ${list.provider} charges is counted otherwise: use ${option}`);
	const typed = values[option.slice(2) as 'max-cost'];
	const limit = typed === undefined ? 0 : Number(typed);
	if (!Number.isFinite(limit) || limit < 0 || typed === '') throw new Error(`${option} takes a number`);
	const other = values['other-host'];
	return {
		list,
		limit,
		isSure: values.yes === true,
		isDry: values.dry === true,
		...(values.region === undefined ? {} : { region: values.region }),
		...(values['base-url'] === undefined ? {} : { baseUrl: values['base-url'] }),
		...(other === undefined ? {} : { otherHost: other === 'true' ? (true as const) : other }),
		...(values.out === undefined ? {} : { out: values.out }),
		...(values.only === undefined ? {} : { only: values.only }),
	};
}
