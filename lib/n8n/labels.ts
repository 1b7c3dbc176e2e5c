import { wordsOf } from '../catalogue/catalogue';
import { declarationOf, OPERATIONS, type Operation } from '../catalogue/operations';
import { nounOf, RESOURCES } from '../catalogue/resources';
import type { FieldName, OperationDeclaration } from '../catalogue/types';
import { FIELD_LABELS } from './fields';

/** How the operations are called, in the panel and in messages. */
export const OPERATION_NAMES = Object.fromEntries(OPERATIONS.map(({ name, label }) => [name, label])) as Readonly<
	Record<Operation, string>
>;

/** How the parameters are called that hold what goes into an operation. */
const INPUT_NAMES = new Map(
	OPERATIONS.flatMap(({ inputs, subjects }: OperationDeclaration) => [...inputs, ...(subjects?.inputs ?? [])])
		.flatMap(wordsOf)
		.map(({ name, label }) => [name, label]),
);

/** How the parameters that are neither an input nor a field of an API are called; a test compares them with the panel. */
const PARAMETER_NAMES: Readonly<Record<string, string>> = {
	allowPrivateUrls: 'Allow Private URLs',
	binaryPropertyName: 'Put Output File in Field',
	cancelOnStop: 'Cancel on Stop',
	checkImageUrls: 'Check Image URLs',
	coverField: 'Put Cover Image in Field',
	createdAfter: 'Created After',
	createdBefore: 'Created Before',
	customModel: 'Model ID',
	dryRun: 'Dry Run',
	events: 'Events',
	extraFields: 'Extra Fields (JSON)',
	fileName: 'File Name',
	files: 'Files and Links',
	filters: 'Filters',
	limit: 'Limit',
	limits: 'Limits and Waiting',
	maxConcurrency: 'Max Concurrency',
	maxCredits: 'Max Credits',
	maxFileMegabytes: 'Max File Size (MB)',
	maxKeys: 'Max Keys',
	maxWaitMinutes: 'Max Wait (Minutes)',
	model: 'Model',
	modelVersions: 'Model Versions',
	operation: 'Operation',
	orderKey: 'Order Key',
	orderKeys: 'Order Keys',
	ownership: 'Ownership',
	pollIntervalSeconds: 'Poll Interval (Seconds)',
	provider: 'Provider',
	readTask: 'Confirm with Vidu',
	referenceType: 'Reference Type',
	removeDuplicateImages: 'Remove Duplicate Images',
	replayWindowMinutes: 'Replay Window (Minutes)',
	requireSignature: 'Require Signature',
	resolutions: 'Resolutions',
	resource: 'Resource',
	returnAll: 'Return All',
	sendBinaryAsSignedUrl: 'Send Binary as Signed URL',
	simplify: 'Simplify',
	states: 'States',
	subjectIds: 'Subject IDs',
	taskId: 'Task ID',
	taskIds: 'Task IDs',
	waitForCompletion: 'Wait for Completion',
	waitMode: 'Wait Mode',
};

/** How parameters are called after what the operation makes. Of a task of which nobody knows that, a file is fetched. */
const NAMES_OF_MADE: Readonly<Record<string, (declaration: OperationDeclaration | undefined) => string>> = {
	downloadVideo: (declaration) => `Download ${declaration ? RESOURCES[declaration.resource].label : 'File'}`,
	maxVideos: (declaration) => `Max ${(declaration ? nounOf(declaration) : RESOURCES.video.noun).title}`,
	options: (declaration) => `${RESOURCES[declaration?.resource ?? 'video'].label} Options`,
};

/**
 * The display name of a parameter or option; what the node does not have is called as it is written.
 * @param operation that it is a parameter of
 */
export function nameOfParameter(name: string, operation?: unknown): string {
	if (Object.hasOwn(NAMES_OF_MADE, name)) return NAMES_OF_MADE[name]!(declarationOf(operation));
	const known = (Object.hasOwn(PARAMETER_NAMES, name) ? PARAMETER_NAMES[name] : undefined) ?? INPUT_NAMES.get(name);
	if (known !== undefined) return known;
	return Object.hasOwn(FIELD_LABELS, name) ? FIELD_LABELS[name as FieldName].name : name;
}
