import type { IExecuteFunctions } from 'n8n-workflow';

import type { BatchSettings } from '../core/batch';
import { invalidInput } from '../core/trouble';
import { InvalidInput } from './images';

/** The run's own settings, read from the first item: they hold for the whole batch. */

const MEGABYTE = 1024 * 1024;
const DEFAULT_WAIT_MINUTES = 30;
/** Off-peak tasks are made within 48 hours. */
const OFF_PEAK_WAIT_MINUTES = 48 * 60;
const DEFAULT_MAX_FILE_MEGABYTES = 1024;

export interface RunSettings extends BatchSettings {
	download?: { field: string; coverField?: string; maxBytes: number };
	simplify: boolean;
	/** Park the execution until the service calls back. */
	parks: boolean;
	continueOnFail: boolean;
}

/**
 * @param wait false returns as soon as every job has a task
 * @throws InvalidInput when a number is none
 */
export function readSettings(context: IExecuteFunctions, wait: boolean): RunSettings {
	const options = context.getNodeParameter('options', 0, {}) as Record<string, unknown>;
	const number = (name: string, label: string): number | undefined => {
		const value = options[name];
		if (value === undefined || value === null || value === '') return undefined;
		const parsed = Number(value);
		if (!Number.isFinite(parsed) || parsed <= 0)
			throw new InvalidInput(
				invalidInput(label, `${label} "${String(value)}" is no number above 0`, 'Correct it or remove it.'),
			);
		return parsed;
	};
	const isTool = isToolRun(context);
	const waitMinutes =
		number('maxWaitMinutes', 'Max Wait (Minutes)') ??
		(options.offPeak === true ? OFF_PEAK_WAIT_MINUTES : DEFAULT_WAIT_MINUTES);
	const pollSeconds = number('pollIntervalSeconds', 'Poll Interval (Seconds)');
	const maxConcurrency = number('maxConcurrency', 'Max Concurrency');
	const maxVideos = number('maxVideos', 'Max Videos');
	const maxCredits = number('maxCredits', 'Max Credits');
	const maxFile = number('maxFileMegabytes', 'Max File Size (MB)') ?? DEFAULT_MAX_FILE_MEGABYTES;
	const isDownloading =
		wait && !isTool && context.getNodeParameter('downloadVideo', 0, true) === true;
	return {
		until: wait ? 'ended' : 'submitted',
		maxWaitMs: waitMinutes * 60_000,
		...(pollSeconds === undefined ? {} : { pollIntervalMs: pollSeconds * 1000 }),
		...(maxConcurrency === undefined ? {} : { maxConcurrency }),
		...(maxVideos === undefined ? {} : { maxVideos }),
		...(maxCredits === undefined ? {} : { maxCredits }),
		cancelOnStop: options.cancelOnStop !== false,
		...(isDownloading
			? {
					download: {
						field: String(context.getNodeParameter('binaryPropertyName', 0, 'data') || 'data'),
						...(options.coverField ? { coverField: String(options.coverField) } : {}),
						maxBytes: maxFile * MEGABYTE,
					},
				}
			: {}),
		simplify: isTool || options.simplify !== false,
		parks: wait && !isTool && context.getNodeParameter('waitMode', 0, 'poll') === 'callback',
		continueOnFail: context.continueOnFail(),
	};
}

/** n8n runs a tool either through its own context or as a node whose type ends in Tool. */
function isToolRun(context: IExecuteFunctions): boolean {
	const asked = (context as { isToolExecution?: () => boolean }).isToolExecution?.();
	return asked === true || context.getNode().type.endsWith('Tool');
}
