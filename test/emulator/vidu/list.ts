import type { Cdn } from '../cdn';
import type { Task } from '../core/tasks';
import type { ViduManner } from '../core/world';
import { imagesOf, showCreations, showTime, stateOf } from './show';
import { MODEL_VERSIONS } from './tables';
import { Refusal } from './fields';

const STATES = ['created', 'queueing', 'processing', 'success', 'failed'];
const SINGLE = ['created_at.from', 'created_at.to', 'pager.page', 'pager.pagesz', 'pager.page_token'];
const LISTS = ['task_ids', 'templates', 'model_versions', 'resolutions', 'states'];
const WEEK_MS = 7 * 24 * 3_600_000;

/** GET /tasks (docs/api/vidu.md#listing-tasks), newest first. How arrays are encoded is not documented: repeated names and commas both work. */
export function listTasks(
	query: URLSearchParams,
	tasks: Task[],
	nowMs: number,
	cdn: Cdn,
	manner: ViduManner,
): Record<string, unknown> {
	for (const name of query.keys())
		if (![...SINGLE, ...LISTS].includes(name)) throw new Refusal(400, 'FieldUnwanted', `field ${name} is unwanted`);
	for (const name of SINGLE)
		if (query.getAll(name).length > 1) throw new Refusal(400, 'FieldInvalid', `field ${name} is invalid: once only`);
	const [ids, templates, versions, resolutions, states] = LISTS.map((name) =>
		query
			.getAll(name)
			.flatMap((value) => value.split(','))
			.filter((value) => value !== ''),
	);
	requireAll('states', states, STATES);
	requireAll('model_versions', versions, Object.values(MODEL_VERSIONS));
	const fromMs = readTime(query, 'created_at.from') ?? nowMs - WEEK_MS;
	const toMs = readTime(query, 'created_at.to') ?? nowMs;
	const isIn = (wanted: string[], value: unknown): boolean => wanted.length === 0 || wanted.includes(String(value));
	const found = tasks
		.filter((task) => isIn(states, stateOf(task, manner)))
		.filter(
			({ id, model, input, createdAtMs }) =>
				isIn(ids, id) &&
				templates.length === 0 &&
				isIn(versions, MODEL_VERSIONS[model]) &&
				isIn(resolutions, input.resolution) &&
				createdAtMs >= fromMs &&
				createdAtMs <= toMs,
		)
		.reverse();
	const size = readWhole(query, 'pager.pagesz', 10);
	if (size < 1 || size > 100)
		throw new Refusal(400, 'PageSizeOutOfRange', 'field pager.pagesz is out of range: 1 to 100');
	const token = query.get('pager.page_token');
	const start = token ? readToken(token) : readWhole(query, 'pager.page', 0) * size;
	const next = start + size;
	return {
		next_page_token: next < found.length ? Buffer.from(`at:${next}`).toString('base64url') : '',
		tasks: found.slice(start, next).map((task) => showListed(task, cdn, manner)),
	};
}

function showListed(task: Task, cdn: Cdn, manner: ViduManner): Record<string, unknown> {
	const { input } = task;
	return {
		id: task.id,
		key_id: '1',
		type: task.operation.split(':')[0],
		template: '',
		model: task.model,
		prompt: input.prompt ?? '',
		images: task.images ? (JSON.parse(task.images.toString()) as string[]) : imagesOf(input),
		duration: input.duration,
		resolution: input.resolution,
		aspect_ratio: input.aspect_ratio ?? '',
		state: stateOf(task, manner),
		created_at: showTime(task.createdAtMs, manner, 3),
		credits: task.charge - task.refunded,
		creations: showCreations(task, cdn).map((creation) => ({
			...creation,
			moderation_url: [],
			video: { duration: input.duration, fps: 24, resolution: { width: 1280, height: 720 } },
		})),
	};
}

function requireAll(field: string, values: string[], allowed: string[]): void {
	const wrong = values.find((value) => !allowed.includes(value));
	if (wrong !== undefined)
		throw new Refusal(400, 'FieldInvalid', `field ${field} is invalid: ${wrong} is not one of ${allowed.join(', ')}`);
}

function readTime(query: URLSearchParams, field: string): number | undefined {
	const text = query.get(field);
	if (text === null || text === '') return undefined;
	const ms = Date.parse(text);
	if (Number.isNaN(ms) || !/^\d{4}-\d\d-\d\dT/.test(text))
		throw new Refusal(400, 'FieldInvalid', `field ${field} is invalid: an ISO 8601 time`);
	return ms;
}

function readWhole(query: URLSearchParams, field: string, otherwise: number): number {
	const text = query.get(field);
	if (text === null) return otherwise;
	if (!/^\d+$/.test(text)) throw new Refusal(400, 'FieldInvalid', `field ${field} is invalid: a whole number`);
	return Number(text);
}

function readToken(token: string): number {
	const at = /^at:(\d+)$/.exec(Buffer.from(token, 'base64url').toString())?.[1];
	if (at === undefined) throw new Refusal(400, 'FieldInvalid', 'field pager.page_token is invalid');
	return Number(at);
}
