import type { IExecuteFunctions } from 'n8n-workflow';

import type { BatchSettings } from '../../core/batch';
import { isLeftOut } from '../../core/fields';
import { invalid } from './invalidInput';
import type { ItemParameters } from './parameters';
import { readSwitch } from './switches';

/** What steers a run, and what becomes of each item's video. */

const MEGABYTE = 1024 * 1024;
const MINUTE_MS = 60_000;
const DEFAULT_WAIT_MINUTES = 30;
/** Off-peak tasks are made within 48 hours. */
const OFF_PEAK_WAIT_MINUTES = 48 * 60;
const DEFAULT_MAX_FILE_MEGABYTES = 1024;

export interface RunSettings extends BatchSettings {
	/** How long an off-peak task may take, where the user set no limit. */
	offPeakWaitMs?: number;
	/** Park the execution until the service calls back. */
	parks: boolean;
	/** Asked to park, but polls: n8n hands back only one of several parked sub-executions. */
	pollsAsSubWorkflow: boolean;
	/** Called by an AI agent: compact answers, no files. */
	isTool: boolean;
}

/** What becomes of one item's video. */
export interface Delivery {
	download?: { field: string; coverField?: string; maxBytes: number; givenName: unknown };
	simplify: boolean;
}

/**
 * The run's own settings, which hold for the whole batch.
 * @param wait false returns as soon as every job has a task
 * @param item the one whose expressions count
 * @throws InvalidInput when a number or switch is none
 */
export function readSettings(context: IExecuteFunctions, item: ItemParameters, wait: boolean): RunSettings {
	const number = (name: string, label: string): number | undefined => readNumber(item.option(name), label);
	const isTool = isToolRun(context);
	const isToPark = wait && !isTool && item.get('waitMode') === 'callback';
	const isSubWorkflow = context.getMode() === 'integrated';
	const waitMinutes = number('maxWaitMinutes', 'Max Wait (Minutes)');
	const pollSeconds = number('pollIntervalSeconds', 'Poll Interval (Seconds)');
	const maxConcurrency = number('maxConcurrency', 'Max Concurrency');
	const maxVideos = number('maxVideos', 'Max Videos');
	const maxCredits = number('maxCredits', 'Max Credits');
	return {
		until: wait ? 'ended' : 'submitted',
		maxWaitMs: (waitMinutes ?? DEFAULT_WAIT_MINUTES) * MINUTE_MS,
		...(waitMinutes === undefined ? { offPeakWaitMs: OFF_PEAK_WAIT_MINUTES * MINUTE_MS } : {}),
		...(pollSeconds === undefined ? {} : { pollIntervalMs: pollSeconds * 1000 }),
		...(maxConcurrency === undefined ? {} : { maxConcurrency }),
		...(maxVideos === undefined ? {} : { maxVideos }),
		...(maxCredits === undefined ? {} : { maxCredits }),
		cancelOnStop: readSwitch(item.option('cancelOnStop'), 'Cancel on Stop', true),
		parks: isToPark && !isSubWorkflow,
		pollsAsSubWorkflow: isToPark && isSubWorkflow,
		isTool,
	};
}

/**
 * @param wait false where there is no video yet
 * @throws InvalidInput when a number or switch is none
 */
export function readDelivery(context: IExecuteFunctions, item: ItemParameters, wait: boolean): Delivery {
	const isTool = isToolRun(context);
	const maxMegabytes = readNumber(item.option('maxFileMegabytes'), 'Max File Size (MB)') ?? DEFAULT_MAX_FILE_MEGABYTES;
	const isDownloading = readSwitch(item.get('downloadVideo'), 'Download Video', true) && wait && !isTool;
	const field = String(item.get('binaryPropertyName') || 'data');
	const coverField = isLeftOut(item.option('coverField')) ? undefined : String(item.option('coverField'));
	return {
		...(isDownloading
			? {
					download: {
						field,
						...(coverField === undefined ? {} : { coverField }),
						maxBytes: maxMegabytes * MEGABYTE,
						givenName: item.option('fileName'),
					},
				}
			: {}),
		simplify: readSwitch(item.option('simplify'), 'Simplify', true) || isTool,
	};
}

/** Whether the node waits for the videos. @throws InvalidInput when the switch is none */
export function readWait(item: ItemParameters): boolean {
	return readSwitch(item.get('waitForCompletion'), 'Wait for Completion', true);
}

function readNumber(value: unknown, label: string): number | undefined {
	if (isLeftOut(value) || (typeof value === 'string' && value.trim() === '')) return undefined;
	const parsed = typeof value === 'string' || typeof value === 'number' ? Number(value) : NaN;
	if (Number.isFinite(parsed) && parsed > 0) return parsed;
	const shown = typeof value === 'object' ? JSON.stringify(value) : String(value);
	throw invalid(label, `${label} "${shown.slice(0, 60)}" is not a number above 0`, 'Correct it or remove it.');
}

/** n8n runs a tool either through its own context or as a node whose type ends in Tool. */
export function isToolRun(context: IExecuteFunctions): boolean {
	const asked = (context as { isToolExecution?: () => boolean }).isToolExecution?.();
	return asked === true || context.getNode().type.endsWith('Tool');
}
