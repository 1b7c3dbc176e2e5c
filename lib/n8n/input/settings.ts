import type { IExecuteFunctions } from 'n8n-workflow';
import { z } from 'zod';

import type { BatchSettings } from '../../core/batch';
import { MEBIBYTE } from '../../core/units';
import type { ItemParameters } from './parameters';
import { aboveZero, fieldName, fileName, oneOf, onOff, readValue, readValues, wholeAboveZero } from './values';

/** What steers a run, and what becomes of each item's file. */

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const DEFAULT_WAIT_MINUTES = 30;
/** A parked execution costs next to nothing. */
const PARKED_WAIT_MINUTES = 24 * 60;
/** Off-peak tasks are made within 48 hours. */
const OFF_PEAK_WAIT_MINUTES = 48 * 60;
/** Whoever calls a tool waits for its answer: n8n's MCP client 60 seconds, a web request on n8n Cloud 100. */
const TOOL_WAIT_MS = 45_000;
/** However long it took to read the items. */
const LEAST_ORDER_MS = 5_000;
const DEFAULT_MAX_KEYS = 10_000;
const DEFAULT_MAX_FILE_MEGABYTES = 1024;
/** A file larger than this is not stored, where the user set no limit. */
export const DEFAULT_MAX_FILE_BYTES = DEFAULT_MAX_FILE_MEGABYTES * MEBIBYTE;

export interface RunSettings extends BatchSettings {
	/** How long an off-peak task may take, where the user set no limit. */
	offPeakWaitMs?: number;
	/** Order keys that are remembered, about. */
	maxKeys: number;
	/** Park the execution until the service calls back. */
	parks: boolean;
	/** Asked to park, but polls: n8n hands back only one of several parked sub-executions. */
	pollsAsSubWorkflow: boolean;
}

/** What becomes of one item's file. */
export interface Delivery {
	download?: {
		field: string;
		coverField?: string;
		maxBytes: number;
		/** As the user wrote it, good for a file or not. */
		givenName?: string;
	};
	simplify: boolean;
}

const waitModeSchema = oneOf(['poll', 'callback'], 'poll', 'Choose Poll or Callback.');
const limitsSchema = z.object({
	maxWaitMinutes: aboveZero(undefined),
	pollIntervalSeconds: aboveZero(undefined),
	maxConcurrency: aboveZero(undefined),
	maxVideos: aboveZero(undefined),
	maxCredits: aboveZero(undefined),
	cancelOnStop: onOff(true),
	maxKeys: wholeAboveZero(DEFAULT_MAX_KEYS),
});
const downloadSchema = z.object({ downloadVideo: onOff(true), binaryPropertyName: fieldName('data') });
const filesSchema = z.object({
	maxFileMegabytes: aboveZero(DEFAULT_MAX_FILE_MEGABYTES),
	coverField: fieldName(undefined),
	fileName,
	simplify: onOff(true),
});

/**
 * The run's own settings, which hold for the whole batch.
 * @param item the one whose expressions count
 * @param wait false returns as soon as every job has a task
 * @throws InvalidInput that names what is none of its kind
 */
export function readSettings(context: IExecuteFunctions, item: ItemParameters, wait: boolean): RunSettings {
	const limits = readValues(limitsSchema, item.collection('limits'), item.nameOf);
	const { maxWaitMinutes, pollIntervalSeconds, maxConcurrency, maxVideos, maxCredits, cancelOnStop, maxKeys } = limits;
	const isTool = isToolRun(context);
	const isToPark = wait && !isTool && readValue(waitModeSchema, 'waitMode', item.get('waitMode')) === 'callback';
	const isSubWorkflow = context.getMode() === 'integrated';
	const parks = isToPark && !isSubWorkflow;
	const maxWaitMs = (maxWaitMinutes ?? (parks ? PARKED_WAIT_MINUTES : DEFAULT_WAIT_MINUTES)) * MINUTE_MS;
	return {
		until: wait ? 'ended' : 'submitted',
		// what is called for a moment waits for no progress
		...(isTool ? { maxWaitMs: DAY_MS, answerWithinMs: Math.min(maxWaitMs, TOOL_WAIT_MS) } : { maxWaitMs }),
		...(maxWaitMinutes === undefined ? { offPeakWaitMs: OFF_PEAK_WAIT_MINUTES * MINUTE_MS } : {}),
		...(pollIntervalSeconds === undefined ? {} : { pollIntervalMs: pollIntervalSeconds * 1000 }),
		...(maxConcurrency === undefined ? {} : { maxConcurrency }),
		...(maxVideos === undefined ? {} : { maxVideos }),
		...(maxCredits === undefined ? {} : { maxCredits }),
		cancelOnStop,
		maxKeys,
		parks,
		pollsAsSubWorkflow: isToPark && isSubWorkflow,
	};
}

/** Whoever waits for an answer has waited while the items were read; orders still get their chance. */
export function withTimeLeft(settings: RunSettings, tookMs: number): RunSettings {
	const { answerWithinMs } = settings;
	if (answerWithinMs === undefined) return settings;
	return { ...settings, answerWithinMs: Math.max(answerWithinMs - tookMs, Math.min(answerWithinMs, LEAST_ORDER_MS)) };
}

/**
 * @param wait false where there is no video yet
 * @throws InvalidInput that names what is none of its kind
 */
export function readDelivery(context: IExecuteFunctions, item: ItemParameters, wait: boolean): Delivery {
	const isTool = isToolRun(context);
	item.checkPlaces();
	const files = readValues(filesSchema, item.collection('files'));
	const { downloadVideo, binaryPropertyName } = readValues(
		downloadSchema,
		{ downloadVideo: item.get('downloadVideo'), binaryPropertyName: item.get('binaryPropertyName') },
		item.nameOf,
	);
	const { maxFileMegabytes, coverField, fileName: givenName, simplify } = files;
	return {
		...(downloadVideo && wait && !isTool
			? {
					download: {
						field: binaryPropertyName,
						...(coverField === undefined ? {} : { coverField }),
						// JSON knows no Infinity
						maxBytes: Math.min(maxFileMegabytes * MEBIBYTE, Number.MAX_SAFE_INTEGER),
						...(givenName === undefined ? {} : { givenName }),
					},
				}
			: {}),
		simplify: simplify || isTool,
	};
}

/** Whether the node waits for the videos. @throws InvalidInput when the switch is none */
export function readWait(item: ItemParameters): boolean {
	return readValue(onOff(true), 'waitForCompletion', item.get('waitForCompletion'));
}

/** Whether the item is only read, checked and priced. @throws InvalidInput when the switch is none */
export function readDryRun(item: ItemParameters): boolean {
	return readValue(onOff(false), 'dryRun', item.get('dryRun'));
}

/** n8n runs a tool either through its own context or as a node whose type ends in Tool. */
export function isToolRun(context: IExecuteFunctions): boolean {
	const asked = (context as { isToolExecution?: () => boolean }).isToolExecution?.();
	return asked === true || context.getNode().type.endsWith('Tool');
}
