import { jsonReply, lowerHeaders, readObject, type EmulatorRequest, type Reply, type Service } from './http';
import { HOSTS } from './names';

/** A strict double of Slack's chat.postMessage, as far as a question with buttons goes: HTTP 200 whatever is wrong, `ok: false` with a word. https://docs.slack.dev/reference/methods/chat.postMessage */

export const SLACK_TOKEN = 'xoxb-only-for-tests';
/** https://docs.slack.dev/reference/block-kit/blocks */
const MAX_SECTION_CHARACTERS = 3_000;
const MAX_BLOCKS = 50;

export interface SlackMessage {
	channel: string;
	text: string;
	/** address by label */
	buttons: Record<string, string>;
}

interface Block {
	type?: string;
	text?: { type?: string; text?: string };
	elements?: Array<{ type?: string; url?: string; text?: { text?: string } }>;
}

export class Slack {
	readonly messages: SlackMessage[] = [];
	readonly refused: string[] = [];

	get services(): Record<string, Service> {
		return { [HOSTS.slack]: { handle: async (request) => await this.handle(request) } };
	}

	private async handle(request: EmulatorRequest): Promise<Reply> {
		const refuse = (error: string): Reply => {
			this.refused.push(error);
			return jsonReply(200, { ok: false, error });
		};
		if (request.target !== '/api/chat.postMessage') return refuse('unknown_method');
		if (lowerHeaders(request.headers).authorization !== `Bearer ${SLACK_TOKEN}`) return refuse('invalid_auth');
		const body = await readObject(request);
		const { channel, blocks = [] } = (body ?? {}) as { channel?: string; blocks?: Block[] };
		if (typeof channel !== 'string' || channel === '') return refuse('channel_not_found');
		if (blocks.length === 0) return refuse('no_text');
		if (blocks.length > MAX_BLOCKS) return refuse('invalid_blocks');
		const sections = blocks.filter(({ type }) => type === 'section').map(({ text }) => text?.text ?? '');
		if (sections.some((text) => text === '' || text.length > MAX_SECTION_CHARACTERS)) return refuse('invalid_blocks');
		const buttons = blocks.flatMap(({ type, elements = [] }) => (type === 'actions' ? elements : []));
		if (buttons.some(({ url }) => url !== undefined && !/^https?:\/\/\S{1,3000}$/.test(url)))
			return refuse('invalid_blocks');
		this.messages.push({
			channel,
			text: sections.join('\n').trim(),
			buttons: Object.fromEntries(buttons.map(({ text, url }) => [text?.text ?? '', url ?? ''])),
		});
		return jsonReply(200, { ok: true, channel, ts: `17643000${this.messages.length}.000100`, message: { blocks } });
	}
}
