export { N8nApi, N8nRefused } from './api';
export type { Credential, ExecutionSummary, Owner, SavedWorkflow, WorkflowFile, WorkflowNode } from './api';
export { argument, Checks } from './checks';
export { errorOf, itemsOf, parseFlatted, runsOf } from './executions';
export type { BinaryFile, Execution, ExecutionError, ExecutionStatus, Item, NodeRun } from './executions';
export { ensureInstalled, fitsEngine, pickNode } from './install';
export type { Installation, InstallOptions } from './install';
export { inspectMp4 } from './mp4';
export type { Mp4Facts } from './mp4';
export { N8n, OWNER } from './n8n';
export type { N8nOptions, Role } from './n8n';
export { ensureBuilt, placePackage } from './package';
export { LEGACY_FOLDER, N8N_FOLDER, REPOSITORY } from './paths';
export { endAll, freePort, launch, Log, onEnd, runMain, Running } from './processes';
export { messageOf, secondsSince, step, StepFailed } from './report';
export type { Say } from './report';
export {
	chain,
	EXAMPLE_IMAGES,
	listOf,
	manualTrigger,
	ourNodes,
	PACKAGE,
	readExample,
	viduNode,
	webhookTrigger,
	withLimits,
	withImages,
} from './workflows';
