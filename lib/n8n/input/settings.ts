import type { IExecuteFunctions } from 'n8n-workflow';

import type { BatchSettings } from '../../core/batch';
import { isLeftOut } from '../../core/fields';
import { invalid } from './invalidInput';
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
 * @param itemIndex the item whose expressions count
 * @throws InvalidInput when a number or switch is none
 */
export function readSettings(context: IExecuteFunctions, wait: boolean, itemIndex: number): RunSettings {
	const options = readOptions(context, itemIndex);
	const number = (name: string, label: string): number | undefined => readNumber(options[name], label);
	const isTool = isToolRun(context);
	const isToPark = wait && !isTool && context.getNodeParameter('waitMode', itemIndex, 'poll') === 'callback';
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
		cancelOnStop: readSwitch(options.cancelOnStop, 'Cancel on Stop', true),
		parks: isToPark && !isSubWorkflow,
		pollsAsSubWorkflow: isToPark && isSubWorkflow,
		isTool,
	};
}

/**
 * @param wait false where there is no video yet
 * @throws InvalidInput when a number or switch is none
 */
export function readDelivery(context: IExecuteFunctions, wait: boolean, itemIndex: number): Delivery {
	const options = readOptions(context, itemIndex);
	const isTool = isToolRun(context);
	const maxMegabytes = readNumber(options.maxFileMegabytes, 'Max File Size (MB)') ?? DEFAULT_MAX_FILE_MEGABYTES;
	const isDownloading =
		readSwitch(context.getNodeParameter('downloadVideo', itemIndex, true), 'Download Video', true) && wait && !isTool;
	const field = String(context.getNodeParameter('binaryPropertyName', itemIndex, 'data') || 'data');
	const coverField = isLeftOut(options.coverField) ? undefined : String(options.coverField);
	return {
		...(isDownloading
			? {
					download: {
						field,
						...(coverField === undefined ? {} : { coverField }),
						maxBytes: maxMegabytes * MEGABYTE,
						givenName: options.fileName,
					},
				}
			: {}),
		simplify: readSwitch(options.simplify, 'Simplify', true) || isTool,
	};
}

/** Whether the node waits for the videos. @throws InvalidInput when the switch is none */
export function readWait(context: IExecuteFunctions, itemIndex: number): boolean {
	return readSwitch(context.getNodeParameter('waitForCompletion', itemIndex, true), 'Wait for Completion', true);
}

function readOptions(context: IExecuteFunctions, itemIndex: number): Record<string, unknown> {
	const options: unknown = context.getNodeParameter('options', itemIndex, {});
	return typeof options === 'object' && options !== null ? (options as Record<string, unknown>) : {};
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
