import { existsSync, readFileSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import { join } from 'node:path';

import type { ICredentialType, IDataObject, INodeParameters, INodeType, IVersionedNodeType } from 'n8n-workflow';

import { createEmulator, VirtualClock } from '../../emulator';
import { loadVidu, REPOSITORY } from '../build';
import { measureMemory } from '../memory/measure';
import type { Subject } from '../engine';
import { LATENCY_MS, promptOf, type Scenario, type ScenarioOptions, type Contestant } from './scenario';
import { PeerDouble, type Protocol } from './double';
import { measureDownload } from './download';

const PROMPT = '={{ $json.prompt }}';

/** This package's Vidu node at the strict emulator. */
export function thisPackage(folder: string): Contestant {
	const { node, credential } = loadVidu(folder);
	return {
		name: 'This package',
		what: 'Vidu, viduq3-turbo',
		open: ({ taskSeconds, tier = 30, latencyMs = LATENCY_MS }: ScenarioOptions = {}): Scenario => {
			const clock = new VirtualClock();
			const emulator = createEmulator({
				clock,
				concurrency: tier,
				whenFull: 'refuse',
				latencyMs,
				taskSeconds: ({ ordinal }) => taskSeconds?.(ordinal) ?? 60,
			});
			const { control, journal, keys, urls } = emulator;
			return {
				clock,
				subject: {
					node,
					typeVersion: 1,
					parameters: { operation: 'textToVideo', model: 'viduq3-turbo', prompt: PROMPT, downloadVideo: false },
					credential: {
						type: credential,
						data: { region: 'custom', baseUrl: urls.vidu, apiKey: keys.vidu },
					},
				},
				network: async (request) => await emulator.send(request),
				spoil: ({ kind, nth = 1, what, taken = false, retryAfterSeconds: retryAfter }) => {
					const which = { provider: 'vidu', kind, nth } as const;
					if (what === 'reset') control.fault({ ...which, do: taken ? 'resetAfter' : 'resetBefore' });
					else if (what === 'silence') control.fault({ ...which, do: 'hang', handled: taken });
					else if (what === 'html') control.fault({ ...which, do: 'status', status: 200, html: true, handled: taken });
					else
						control.fault({
							...which,
							...{ do: 'status', status: Number(what), html: what === '502', handled: taken },
							...(retryAfter === undefined ? {} : { retryAfter }),
						});
				},
				outage: (seconds) => control.outage({ target: 'vidu', seconds }),
				refuseContent: (itemIndex) =>
					control.fault({
						provider: 'vidu',
						do: 'failTask',
						code: 'content',
						contains: promptOf(itemIndex),
						times: 'always',
					}),
				empty: () => void control.setAccount('vidu', { credits: 0 }),
				tasks: () =>
					journal.tasks.map(({ id, polls, finishedAtMs }) => ({
						...{ id, polls },
						...(finishedAtMs === undefined ? {} : { endedAtMs: finishedAtMs }),
					})),
				orderedAtMs: () => journal.requests.filter(({ kind }) => kind === 'submit').map(({ atMs }) => atMs),
			};
		},
		download: async (bytes) =>
			(await measureMemory({ kind: 'videos', count: 1, bytes, packageFolder: folder })).grownBytes,
	};
}

/* n8n's own operations */

const INSTALLED = join(REPOSITORY, 'demo', 'node_modules');
const LANGCHAIN = join(INSTALLED, '@n8n', 'n8n-nodes-langchain');

/** Why n8n's own operations cannot be run; undefined when they can. */
export function whyNoPeers(): string | undefined {
	if (!existsSync(LANGCHAIN)) return 'n8n is not installed in demo/node_modules; `npm run demo` installs it';
	const [ours, theirs] = [join(REPOSITORY, 'node_modules'), INSTALLED].map((modules) =>
		versionOf(join(modules, 'n8n-workflow')),
	);
	return ours === theirs
		? undefined
		: `n8n-workflow is ${theirs} in demo and ${ours} here; the engine needs one of them`;
}

const versionOf = (folder: string): string =>
	(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string }).version;

export const peersVersion = (): string => `@n8n/n8n-nodes-langchain ${versionOf(LANGCHAIN)}`;

export interface Peer {
	name: string;
	what: string;
	node: string;
	exportName: string;
	typeVersion: number;
	parameters: INodeParameters;
	/** For a run that downloads, too. */
	downloads: INodeParameters;
	credential: { file: string; exportName: string; root: string; data: (root: string) => IDataObject };
	protocol: Protocol;
}

const byId = (value: string) => ({ __rl: true, mode: 'id', value });
const message = (_status: number, text: string) => ({ error: { message: text } });

/** The id in the path, where the path is that of the pattern. */
const idIn = (path: string, pattern: RegExp): string | undefined => pattern.exec(path)?.[1];

const PEERS: readonly Peer[] = [
	{
		name: 'n8n OpenAI',
		what: 'OpenAI 2.3, sora-2',
		node: 'nodes/vendors/OpenAi/OpenAi.node.js',
		exportName: 'OpenAi',
		typeVersion: 2.3,
		parameters: { resource: 'video', operation: 'generate', modelId: byId('sora-2'), prompt: PROMPT },
		downloads: {},
		credential: {
			file: join(INSTALLED, 'n8n-nodes-base/dist/credentials/OpenAiApi.credentials.js'),
			exportName: 'OpenAiApi',
			root: 'https://api.openai.com',
			data: (root) => ({ apiKey: 'bench', url: `${root}/v1` }),
		},
		// https://platform.openai.com/docs/api-reference/videos
		protocol: {
			classify(method, path) {
				if (method === 'POST' && path === '/v1/videos') return { kind: 'submit' };
				const file = idIn(path, /^\/v1\/videos\/([^/]+)\/content$/);
				if (file !== undefined) return { kind: 'file', id: file };
				const id = idIn(path, /^\/v1\/videos\/([^/]+)$/);
				return id === undefined ? undefined : { kind: 'ask', id };
			},
			accepted: (id) => ({ id, object: 'video', status: 'queued', progress: 0, error: null }),
			running: (id) => ({ id, object: 'video', status: 'in_progress', progress: 40, error: null }),
			succeeded: (id) => ({ id, object: 'video', status: 'completed', progress: 100, error: null }),
			failed: (id, text) => ({
				id,
				object: 'video',
				status: 'failed',
				error: { code: 'moderation_blocked', message: text },
			}),
			refusal: message,
			noCreditStatus: 429,
		},
	},
	{
		name: 'n8n Gemini',
		what: 'Google Gemini 1.2, veo-3.1',
		node: 'nodes/vendors/GoogleGemini/GoogleGemini.node.js',
		exportName: 'GoogleGemini',
		typeVersion: 1.2,
		parameters: {
			...{ resource: 'video', operation: 'generate', modelId: byId('models/veo-3.1-generate-preview') },
			...{ prompt: PROMPT, returnAs: 'url' },
		},
		downloads: { returnAs: 'video' },
		credential: {
			file: join(LANGCHAIN, 'dist/credentials/GooglePalmApi.credentials.js'),
			exportName: 'GooglePalmApi',
			root: 'https://generativelanguage.googleapis.com',
			data: (root) => ({ apiKey: 'bench', host: root }),
		},
		// https://ai.google.dev/gemini-api/docs/video
		protocol: {
			classify(method, path) {
				if (method === 'POST' && /:predictLongRunning(\?|$)/.test(path)) return { kind: 'submit' };
				const file = idIn(path, /^\/([^/]+)\/video\.mp4/);
				if (file !== undefined) return { kind: 'file', id: file };
				const id = idIn(path, /^\/v1beta\/models\/[^/]+\/operations\/([^/?]+)/);
				return id === undefined ? undefined : { kind: 'ask', id };
			},
			accepted: (id) => ({ name: `models/veo-3.1-generate-preview/operations/${id}` }),
			running: (id) => ({ name: `models/veo-3.1-generate-preview/operations/${id}` }),
			succeeded: (id, uri) => ({
				name: `models/veo-3.1-generate-preview/operations/${id}`,
				done: true,
				response: { generateVideoResponse: { generatedSamples: [{ video: { uri } }] } },
			}),
			failed: (id, text) => ({
				name: `models/veo-3.1-generate-preview/operations/${id}`,
				done: true,
				error: { code: 3, message: text },
			}),
			refusal: (code, text) => ({ error: { code, message: text, status: 'RESOURCE_EXHAUSTED' } }),
			noCreditStatus: 429,
		},
	},
	{
		name: 'n8n MiniMax',
		what: 'MiniMax 1.2, MiniMax-H3',
		node: 'nodes/vendors/MiniMax/MiniMax.node.js',
		exportName: 'MiniMax',
		typeVersion: 1.2,
		parameters: {
			...{ resource: 'video', operation: 'textToVideo', modelId: 'MiniMax-H3', prompt: PROMPT },
			downloadVideo: false,
		},
		downloads: { downloadVideo: true },
		credential: {
			file: join(LANGCHAIN, 'dist/credentials/MinimaxApi.credentials.js'),
			exportName: 'MinimaxApi',
			root: 'https://api.minimax.io',
			data: (root) => ({ apiKey: 'bench', url: `${root}/v1` }),
		},
		// https://platform.minimax.io/docs/api-reference/video-generation-v2-query
		protocol: {
			classify(method, path) {
				if (method === 'POST' && path === '/v2/video_generation') return { kind: 'submit' };
				const file = idIn(path, /^\/([^/]+)\/video\.mp4/);
				if (file !== undefined) return { kind: 'file', id: file };
				const id = idIn(path, /^\/v2\/query\/video_generation\/([^/?]+)/);
				return id === undefined ? undefined : { kind: 'ask', id };
			},
			accepted: (id) => ({ task_id: id }),
			running: (id) => ({ task: { id, status: 'running' } }),
			succeeded: (id, url) => ({ task: { id, status: 'succeeded', content: { url } } }),
			failed: (id, text) => ({ task: { id, status: 'failed', error: { code: '1026', message: text } } }),
			refusal: message,
			noCreditStatus: 402,
		},
	},
	{
		name: 'n8n Qwen Cloud',
		what: 'Qwen Cloud (Alibaba) 1.1, wan2.6-t2v',
		node: 'nodes/vendors/AlibabaCloud/AlibabaCloud.node.js',
		exportName: 'AlibabaCloud',
		typeVersion: 1.1,
		parameters: {
			...{ resource: 'video', operation: 'textToVideo', modelId: byId('wan2.6-t2v'), prompt: PROMPT },
			downloadVideo: false,
		},
		downloads: { downloadVideo: true },
		credential: {
			file: join(LANGCHAIN, 'dist/credentials/AlibabaCloudApi.credentials.js'),
			exportName: 'AlibabaCloudApi',
			root: 'https://dashscope-intl.aliyuncs.com',
			data: (root) => ({ apiKey: 'bench', region: 'ap-southeast-1', url: root }),
		},
		// https://www.alibabacloud.com/help/en/model-studio/text-to-video-api-reference
		protocol: {
			classify(method, path) {
				if (method === 'POST' && path === '/api/v1/services/aigc/video-generation/video-synthesis')
					return { kind: 'submit' };
				const file = idIn(path, /^\/([^/]+)\/video\.mp4/);
				if (file !== undefined) return { kind: 'file', id: file };
				const id = idIn(path, /^\/api\/v1\/tasks\/([^/?]+)/);
				return id === undefined ? undefined : { kind: 'ask', id };
			},
			accepted: (id) => ({ request_id: 'bench', output: { task_id: id, task_status: 'PENDING' } }),
			running: (id) => ({ request_id: 'bench', output: { task_id: id, task_status: 'RUNNING' } }),
			succeeded: (id, url) => ({
				request_id: 'bench',
				output: { task_id: id, task_status: 'SUCCEEDED', video_url: url },
			}),
			failed: (id, text) => ({
				request_id: 'bench',
				output: { task_id: id, task_status: 'FAILED', code: 'DataInspectionFailed', message: text },
			}),
			refusal: (_status, text) => ({ request_id: 'bench', code: 'Arrearage', message: text }),
			noCreditStatus: 403,
		},
	},
];

/** Loads n8n's own nodes, about five seconds. Call `whyNoPeers` first. */
export function loadPeers(): Contestant[] {
	return PEERS.map((peer) => {
		const subject = loadPeer(peer);
		return {
			name: peer.name,
			what: peer.what,
			open: (options) => new PeerDouble(peer.protocol, subject, options),
			download: async (bytes) => await measureDownload(peer.name, bytes),
		};
	});
}

export const findPeer = (name: string): Peer => PEERS.find((peer) => peer.name === name)!;

/** @param root of the service's addresses; its own unless told */
export function loadPeer(
	{ node, exportName, typeVersion, parameters, credential }: Peer,
	root = credential.root,
): Subject {
	shareWorkflowLibrary();
	const load = createRequire(join(LANGCHAIN, 'package.json'));
	const NodeType = (load(join(LANGCHAIN, 'dist', node)) as Record<string, new () => INodeType | IVersionedNodeType>)[
		exportName
	];
	const CredentialType = (load(credential.file) as Record<string, new () => ICredentialType>)[credential.exportName];
	return {
		node: new NodeType(),
		typeVersion,
		parameters,
		credential: { type: new CredentialType(), data: credential.data(root) },
	};
}

let isShared = false;

/** n8n has one n8n-workflow for engine and nodes; the two installs would bring two, and errors would not be known as such. */
function shareWorkflowLibrary(): void {
	if (isShared) return;
	isShared = true;
	const loader = Module as unknown as { _resolveFilename: (request: string, ...rest: unknown[]) => string };
	const resolve = loader._resolveFilename.bind(loader);
	const shared = require.resolve('n8n-workflow');
	loader._resolveFilename = (request, ...rest) => (request === 'n8n-workflow' ? shared : resolve(request, ...rest));
}
