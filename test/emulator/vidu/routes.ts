import type { Cdn } from '../cdn';
import type { Account } from '../core/account';
import { shortenImages } from '../core/journal';
import type { Service } from '../core/messages';
import { randomHex, randomText } from '../core/random';
import type { Answer, Call, ProviderRules } from '../core/service';
import { createProviderService } from '../core/service';
import type { Task } from '../core/tasks';
import type { World } from '../core/world';
import { listTasks } from './list';
import { checkFurther, unknownCreation } from './further';
import { DOUBLES } from './doubles';
import { checkFilmOrder, readFilmOrderPath, type FilmOrderPath } from './filmOrders';
import { OWN_QUERIES } from './films';
import {
	allParts,
	FILMS_IN_PARTS,
	partsOf,
	showFilm,
	showPart,
	showPartAsTask,
	showParts,
	type Part,
} from './filmParts';
import { checkSubjectChange, showSubject } from './studio';
import { priceOf } from './prices';
import { creationIdsOf, imagesOf, showTask, showTime, stateOf } from './show';
import { Refusal } from './fields';
import { checkRequest, MAX_BODY_BYTES } from './validate';

const CLIPS = ['text2video', 'img2video', 'start-end2video', 'reference2video'];
const CREATE = new RegExp(`^/ent/v2/(${[...CLIPS, ...Object.keys(DOUBLES)].join('|')})$`);
const CREATIONS = /^\/ent\/v2\/tasks\/([^/]+)\/creations$/;
const OWN_QUERY = new RegExp(`^/ent/v2/(${OWN_QUERIES.join('|')})/([^/]+)$`);
const PARTS = /^\/ent\/v2\/ad-one-click\/([^/]+)$/;
const SUBJECT = /^\/ent\/v2\/subjects\/(\d+)$/;
const CANCEL = /^\/ent\/v2\/tasks\/([^/]+)\/cancel$/;
/** Where any other task is known by its id. */
const BY_TASK = [CREATIONS, CANCEL];

/** A checked request and what it costs. */
interface Wish {
	operation: string;
	/** Empty where the endpoint takes none. */
	model: string;
	fields: Record<string, unknown>;
	charge: number;
	seed: number | undefined;
	/** The create answer does not say what it costs. */
	isSilentOnPrice?: boolean;
	/** What is answered, where it is not what all others are. */
	answer?(task: Task): Record<string, unknown>;
}

/** Vidu's own API under /ent/v2, from docs/api/vidu.md. */
export function createVidu(world: World, cdn: Cdn): Service {
	const board = world.boards.vidu;
	const manner = world.settings.vidu;

	const errorBody = (
		status: number,
		reason = REASONS[status] ?? 'InternalServiceFailure',
		message = reason,
	): unknown => ({
		code: status,
		reason,
		message,
		metadata: { trace_id: randomHex(world.random, 32) },
	});
	const refuse = (status: number, reason: string, message: string): Answer => ({
		status,
		body: errorBody(status, reason, message),
		errCode: reason,
	});

	function refusePoor(message: string): Answer {
		const status = manner.noCreditsStatus;
		const answer = refuse(status, 'CreditInsufficient', message);
		return status === 400 ? answer : { ...answer, body: { ...(answer.body as object), code: 'CreditInsufficient' } };
	}

	/** 18 or 19 digits, beyond 2^53 and within a signed 64-bit integer (docs/api/vidu.md#task-ids). */
	const newId = (): string =>
		`${1 + Math.floor(world.random() * 8)}${randomText(world.random, world.random() < 0.5 ? 17 : 18, '0123456789')}`;

	async function create(call: Call, account: Account, path: string): Promise<Answer> {
		if (call.bodyBytes > MAX_BODY_BYTES && world.settings.tooLargeStatus === 413)
			return { status: 413, body: undefined, html: true };
		if (call.bodyBytes > MAX_BODY_BYTES)
			return refuse(400, 'BadRequest', `the request body must not exceed 20MB, it has ${call.bodyBytes} bytes`);
		if (path in DOUBLES) return place(call, account, await checkedFurther(call, account, path));
		const checked = await checkRequest(path, call.body, {
			lint: world.settings.lint,
			fetchImage: world.settings.fetchImages ? world.fetchImage : undefined,
		});
		return place(call, account, {
			...checked,
			charge: Math.ceil(priceOf(checked, manner.region) * manner.priceFactor),
			seed: seedOf(checked.fields),
		});
	}

	const seedOf = ({ seed }: Record<string, unknown>): number =>
		typeof seed === 'number' && seed !== 0 ? seed : Math.floor(world.random() * 2_147_483_647);

	/** A source that was made here is as long as it was ordered. */
	async function checkedFurther(call: Call, account: Account, path: string): Promise<Wish> {
		const fetchImage = world.settings.fetchImages ? world.fetchImage : undefined;
		const { model, fields, creationId, price, isSeeded } = await checkFurther(
			path,
			DOUBLES[path],
			call.body,
			fetchImage,
		);
		const isSource = (task: Task): boolean =>
			creationId === undefined
				? String(fields.video_url).includes(`/${task.id}/`)
				: task.account === account && creationIdsOf(task).includes(creationId);
		const source = board.all().find(isSource);
		if (creationId !== undefined && source?.state !== 'success') throw unknownCreation(creationId);
		const seconds = Number(source?.input.duration);
		return {
			operation: path,
			model,
			fields,
			charge: Math.ceil(price(Number.isFinite(seconds) ? seconds : undefined) * manner.priceFactor),
			seed: isSeeded ? seedOf(fields) : undefined,
			isSilentOnPrice: DOUBLES[path].isSilentOnPrice,
		};
	}

	function place(call: Call, account: Account, wish: Wish): Answer {
		const { operation, model, fields, charge, seed, isSilentOnPrice, answer: answerOf } = wish;
		if (!account.canPay(charge))
			return refusePoor(`credits are insufficient: ${charge} needed, ${account.credits} left`);
		if (account.isFull())
			return refuse(429, 'QuotaExceeded', `concurrency exceeds the limit of ${account.concurrency}`);
		const seeded = seed === undefined ? {} : { seed };
		const { answer, queues } = DOUBLES[operation] ?? {};
		const plan = call.planTask();
		const task = board.create({
			account,
			id: newId(),
			creationId: newId(),
			operation,
			model,
			input: { ...(shortenImages(fields) as Record<string, unknown>), ...seeded },
			text: call.text,
			images: manner.echoInQueries ? keepImages(fields) : undefined,
			charge,
			plan: { ...plan, ...(answer && !(queues && manner.queuesSpeech) ? { atOnce: plan.fail === undefined } : {}) },
		});
		if (answerOf) return { status: 200, taskId: task.id, body: answerOf(task) };
		if (answer) {
			if (plan.fail) board.fail(task, plan.fail.code);
			const state = stateOf(task, manner) === 'created' ? 'queueing' : stateOf(task, manner);
			const createdAt = showTime(task.createdAtMs, manner, 6);
			const url = state === 'success' && !plan.withoutUrl ? cdn.mintUrl(task, 'sound.mp3') : '';
			return { status: 200, taskId: task.id, body: answer({ id: task.id, state, fields, charge, createdAt, url }) };
		}
		if (OWN_QUERIES.includes(operation)) return { status: 200, taskId: task.id, body: { id: task.id } };
		return {
			status: 200,
			taskId: task.id,
			body: {
				task_id: task.id,
				state: stateOf(task, manner),
				...echo({ ...fields, ...seeded }),
				...(isSilentOnPrice ? {} : { credits: charge }),
				created_at: showTime(task.createdAtMs, manner, 6),
			},
		};
	}

	const subjectsOf = (account: Account): Task[] =>
		board.all().filter((task) => task.operation === 'subjects' && task.account === account);

	/** One that was there before the emulator. */
	const keptSubject = (account: Account, id: string): Task | undefined =>
		world.settings.keptSubjects.includes(id)
			? board.create({
					...{ account, id, creationId: newId(), operation: 'subjects', model: '', input: { name: 'kept' } },
					...{ text: '', images: undefined, charge: 0, plan: { atOnce: true } },
				})
			: undefined;

	async function changeSubject(call: Call, account: Account, id: string): Promise<Answer> {
		const found = subjectsOf(account).find((task) => task.id === id) ?? keptSubject(account, id);
		if (!found) return refuse(404, 'NotFound', `subject ${id} is not found`);
		const { id: _id, ...change } = await checkSubjectChange(id, call.body);
		Object.assign(found.input, shortenImages(change));
		const { images: _images, videos: _videos, ...shown } = showSubject(id, found.input);
		return { status: 200, body: shown };
	}

	function listSubjects({ query }: Call, account: Account): Answer {
		const wanted = query.getAll('subject_ids');
		const size = Number(query.get('count') ?? 20);
		if (!(size >= 1 && size <= 100)) return refuse(400, 'FieldInvalid', 'field count is invalid: 1 to 100');
		const start = Number(query.get('next_page_token') ?? 0);
		const all = query.get('ownership') === 'system' ? [] : subjectsOf(account);
		const found = all.filter(({ id }) => wanted.length === 0 || wanted.includes(id));
		return {
			status: 200,
			body: {
				subjects: found.slice(start, start + size).map(({ id, input }) => showSubject(id, input)),
				next_page_token: start + size < found.length ? String(start + size) : '',
				count: size,
			},
		};
	}

	function cancel(call: Call, task: Task): Answer {
		const body = call.body as Record<string, unknown> | undefined;
		if (body?.id === undefined) return refuse(400, 'FieldLacking', 'field id is required');
		if (body.id !== task.id)
			return refuse(400, 'FieldInvalid', 'field id is invalid: it must be the id of the path, as a string');
		if (!board.cancel(task, 'UserCancelled'))
			return refuse(400, 'BadRequest', `task ${task.id} can not be cancelled: task is scheduled`);
		return { status: 200, taskId: task.id, body: {} };
	}

	function credits({ query }: Call, account: Account): Answer {
		for (const name of query.keys())
			if (name !== 'show_detail') return refuse(400, 'FieldUnwanted', `field ${name} is unwanted`);
		const showDetail = query.get('show_detail') ?? 'false';
		if (showDetail !== 'true' && showDetail !== 'false')
			return refuse(400, 'FieldInvalid', 'field show_detail is invalid: true or false');
		const purchase = {
			created_at: '2026-10-01T08:00:00Z',
			purchase_at: '2026-10-01T08:00:00Z',
			valid_from: '2026-10-01T08:00:00Z',
			valid_to: '2027-10-01T08:00:00Z',
		};
		const running = [...account.placed].filter(({ state }) => state === 'processing').length;
		return {
			status: 200,
			body: {
				remains: [
					{
						type: 'metered',
						credit_remain: account.credits,
						concurrency_limit: account.concurrency,
						current_concurrency: running,
						queue_count: account.unfinished.size - running,
					},
				],
				packages:
					showDetail === 'true'
						? [
								{
									id: '1',
									name: 'Metered',
									type: 'metered',
									concurrency: account.concurrency,
									credit_amount: account.credits + account.charged - account.refunded,
									credit_remain: account.credits,
									...purchase,
								},
							]
						: [],
			},
		};
	}

	/** What the account has, and what was there before the emulator. */
	function findTask(account: Account, id: string): Task | undefined {
		const found = board.find(id);
		if (found) return found.account === account ? found : undefined;
		const operation = world.settings.keptFilms[id];
		if (operation === undefined || account.key !== world.keys.vidu) return undefined;
		const input = operation === 'one-click/mv' ? { audio_url: 'song.mp3?seconds=15' } : { duration: 15 };
		const facts = { account, id, creationId: String(BigInt(id) + 900n), operation, model: '', input };
		return board.keep({ ...facts, text: '', images: undefined, charge: 0, plan: {} });
	}

	function orderOnFilm(call: Call, account: Account, path: FilmOrderPath): Answer {
		const { operation, fields, price, place: answer } = checkFilmOrder(path, call.body, (id) => findTask(account, id));
		const charge = Math.ceil(price * manner.priceFactor);
		return place(call, account, { operation, model: '', fields, charge, seed: undefined, answer });
	}

	/** A film or a part of it by its id, where the path is that of its kind. */
	function askForFilm(path: string, account: Account, id: string, task: Task | undefined): Answer | undefined {
		const own = OWN_QUERY.exec(path)?.[1];
		const answer = (body: Record<string, unknown>): Answer => {
			if (task) task.polls++;
			return { status: 200, taskId: id, body };
		};
		if (task && own !== undefined && task.operation === own) return answer(showFilm(task, cdn));
		if (task?.operation === 'ad-one-click' && PARTS.test(path)) return answer(showParts(task, cdn, manner));
		// a task that has nothing to do with films is no part of one; with thousands of tasks the search would be most of the work
		if (task && !FILMS_IN_PARTS.some((film) => task.operation.startsWith(film))) return undefined;
		const found = partCalled(account, id);
		if (found && own === found.film.operation) return answer(showPart(found.film, found.part, cdn));
		if (task || found?.film.operation !== 'ad-one-click' || !CREATIONS.test(path)) return undefined;
		return answer(showPartAsTask(found.film, found.part, cdn, manner));
	}

	function partCalled(account: Account, id: string): { film: Task; part: Part } | undefined {
		const kept = Object.keys(world.settings.keptFilms).flatMap((filmId) => findTask(account, filmId) ?? []);
		for (const film of [...kept, ...board.all()]) {
			if (film.account !== account || !FILMS_IN_PARTS.includes(film.operation)) continue;
			const part = allParts(partsOf(film)).find((each) => each.id === id);
			if (part) return { film, part };
		}
		return undefined;
	}

	async function route(call: Call, account: Account | undefined): Promise<Answer> {
		const { method, path, taskId } = call;
		// The server parses the path id before it looks at the key (docs/api/vidu.md#task-ids).
		if (taskId !== undefined && !/^\d{1,19}$/.test(taskId))
			return refuse(400, 'CODEC', `parse error: strconv.ParseInt: parsing "${taskId}": invalid syntax`);
		if (account === undefined)
			return refuse(
				manner.wrongKeyStatus,
				REASONS[manner.wrongKeyStatus],
				'invalid api key; send Authorization: Token {key}',
			);
		if (method === 'POST' && !/^application\/json\b/.test(call.headers['content-type'] ?? ''))
			return refuse(400, 'BadRequest', 'Content-Type must be application/json');
		if (method !== 'GET' && call.body === undefined)
			return refuse(400, 'CODEC', 'body unmarshal: unexpected end of JSON input');
		const operation = CREATE.exec(path)?.[1];
		if (method === 'POST' && operation !== undefined) return await create(call, account, operation);
		const filmOrder = method === 'POST' ? readFilmOrderPath(path) : undefined;
		if (filmOrder) return orderOnFilm(call, account, filmOrder);
		if (method === 'GET' && path === '/ent/v2/credits') return credits(call, account);
		if (method === 'GET' && path === '/ent/v2/tasks')
			return {
				status: 200,
				body: listTasks(
					call.query,
					board.all().filter((task) => task.account === account),
					world.clock.nowMs(),
					cdn,
					manner,
				),
			};
		const subject = SUBJECT.exec(path)?.[1];
		if (method === 'PUT' && subject !== undefined) return await changeSubject(call, account, subject);
		if (method === 'GET' && path === '/ent/v2/subjects') return listSubjects(call, account);
		if (taskId !== undefined) {
			const task = findTask(account, taskId);
			const film = method === 'GET' ? askForFilm(path, account, taskId, task) : undefined;
			if (film) return film;
			const isElsewhere = task !== undefined && OWN_QUERIES.some((own) => task.operation.startsWith(own));
			if (!task || isElsewhere || !BY_TASK.some((by) => by.test(path)))
				return refuse(404, 'TaskNotFound', `task ${taskId} is not found`);
			if (method === 'GET' && CREATIONS.test(path)) {
				task.polls++;
				return {
					status: 200,
					taskId,
					body: showTask(task, cdn, manner, { withId: true, statusWord: call.statusWord }),
				};
			}
			if (method === 'POST' && CANCEL.test(path)) return cancel(call, task);
		}
		return refuse(404, 'NotFound', `${method} ${path} is not found`);
	}

	const rules: ProviderRules = {
		name: 'vidu',
		classify(method, path) {
			if (method === 'POST' && (CREATE.test(path) || readFilmOrderPath(path))) return { kind: 'submit' };
			if (SUBJECT.test(path)) return { kind: 'submit' };
			if (path === '/ent/v2/tasks') return { kind: 'list' };
			if (path === '/ent/v2/credits') return { kind: 'credits' };
			const asked =
				CREATIONS.exec(path)?.[1] ??
				OWN_QUERY.exec(path)?.[2] ??
				(method === 'GET' ? PARTS.exec(path)?.[1] : undefined);
			if (asked !== undefined) return { kind: 'ask', taskId: asked };
			const cancelled = CANCEL.exec(path)?.[1];
			return cancelled === undefined ? { kind: 'other' } : { kind: 'cancel', taskId: cancelled };
		},
		// The scheme word is Token; whether Bearer is also taken is unverified, so it is not.
		readKey: (authorization) => /^Token (\S+)$/.exec(authorization ?? '')?.[1],
		async answer(call, account) {
			try {
				return await route(call, account);
			} catch (error) {
				if (error instanceof Refusal) return refuse(error.status, error.reason, error.message);
				throw error;
			}
		},
		errorBody,
		failCodes: {
			content: 'CreationPolicyViolation',
			image: 'ImageObjectsUndetected',
			internal: 'InternalServiceFailure',
		},
	};
	return createProviderService(world, rules);
}

/** docs/api/vidu.md#errors */
const REASONS: Record<number, string> = {
	400: 'BadRequest',
	401: 'Unauthorized',
	403: 'Forbidden',
	404: 'NotFound',
	409: 'Conflict',
	429: 'TooManyRequests',
	500: 'InternalServiceFailure',
};

/**
 * What a create answer repeats (docs/api/vidu.md#common-fields): images whole, as the samples have them, data URIs too. Of subjects the
 * page of references and its sample have the images, in `images`.
 */
function echo(fields: Record<string, unknown>): Record<string, unknown> {
	const {
		callback_url: _callback,
		wm_position: _position,
		wm_url: _url,
		meta_data: _meta,
		is_rec: _isRec,
		subjects,
		auto_subjects: _auto,
		...rest
	} = fields;
	return subjects === undefined ? rest : { ...rest, images: imagesOf(fields) };
}

/** For GET /tasks; a Buffer, as it stays for as long as the task. */
function keepImages(fields: Record<string, unknown>): Buffer | undefined {
	const images = imagesOf(fields);
	return images.every((image) => shortenImages(image) === image) ? undefined : Buffer.from(JSON.stringify(images));
}
