import { request as fetchUrl } from 'undici';

import { isMp4, jsonReply, readBytes, type EmulatorRequest, type Reply, type Service } from './http';
import { HOSTS } from './names';

/**
 * A strict double of Instagram's publishing API: a container that fetches the video itself, its status, and publishing, which fails before
 * the container is finished. https://developers.facebook.com/docs/instagram-platform/content-publishing
 */

export const INSTAGRAM_TOKEN = 'EAAG-only-for-tests';
export const INSTAGRAM_ACCOUNT = '17841400000000000';
const MAX_CAPTION = 2_200;

interface Container {
	id: string;
	caption: string;
	status: 'IN_PROGRESS' | 'FINISHED' | 'ERROR' | 'PUBLISHED';
	bytes?: Buffer;
}

export class Instagram {
	readonly containers: Container[] = [];
	/** ids of what is published */
	readonly posts: Array<{ id: string; caption: string; bytes: Buffer }> = [];
	readonly refused: string[] = [];

	get services(): Record<string, Service> {
		return { [HOSTS.instagram]: { handle: async (request) => await this.handle(request) } };
	}

	private async handle(request: EmulatorRequest): Promise<Reply> {
		const url = new URL(request.target, `https://${HOSTS.instagram}`);
		const refuse = (code: number, message: string): Reply => {
			this.refused.push(message);
			return jsonReply(code === 190 ? 401 : 400, { error: { message, type: 'OAuthException', code } });
		};
		const text = (await readBytes(request)).toString();
		const fields = new URLSearchParams(text.startsWith('{') ? (JSON.parse(text) as Record<string, string>) : text);
		const field = (name: string) => fields.get(name) ?? url.searchParams.get(name);
		if (field('access_token') !== INSTAGRAM_TOKEN) return refuse(190, 'Invalid OAuth access token.');
		const [, version, node, edge] = /^\/(v\d+\.0)\/(\d+)(?:\/(\w+))?$/.exec(url.pathname) ?? [];
		if (version === undefined || node === undefined) return refuse(2500, 'Unknown path components');
		if (request.method === 'POST' && node === INSTAGRAM_ACCOUNT && edge === 'media')
			return await this.create(field, refuse);
		if (request.method === 'POST' && node === INSTAGRAM_ACCOUNT && edge === 'media_publish') {
			const container = this.containers.find(({ id }) => id === field('creation_id'));
			if (!container?.bytes) return refuse(9007, 'Media ID is not available');
			if (container.status !== 'FINISHED')
				return refuse(9007, 'The media is not ready for publishing, please wait for a moment');
			container.status = 'PUBLISHED';
			const id = `1790000000000${this.posts.length + 1}`;
			this.posts.push({ id, caption: container.caption, bytes: container.bytes });
			return jsonReply(200, { id });
		}
		const container = this.containers.find(({ id }) => id === node);
		if (request.method !== 'GET' || !container)
			return refuse(100, `Unsupported ${request.method.toLowerCase()} request.`);
		const told = container.status;
		if (told === 'IN_PROGRESS') container.status = container.bytes && isMp4(container.bytes) ? 'FINISHED' : 'ERROR';
		return jsonReply(
			200,
			url.searchParams.get('fields')?.includes('status_code') ? { status_code: told, id: node } : { id: node },
		);
	}

	private async create(
		field: (name: string) => string | null,
		refuse: (code: number, message: string) => Reply,
	): Promise<Reply> {
		const videoUrl = field('video_url');
		const caption = field('caption') ?? '';
		if (field('media_type') !== 'REELS') return refuse(100, 'media_type must be REELS for videos');
		if (videoUrl === null || !/^https?:\/\//.test(videoUrl)) return refuse(100, 'The video_url parameter is required');
		if (caption.length > MAX_CAPTION) return refuse(100, 'The caption is too long');
		const container: Container = { id: `1780000000000${this.containers.length + 1}`, caption, status: 'IN_PROGRESS' };
		const reply = await fetchUrl(videoUrl);
		const bytes = Buffer.from(await reply.body.arrayBuffer());
		if (reply.statusCode === 200) container.bytes = bytes;
		this.containers.push(container);
		return jsonReply(200, { id: container.id });
	}
}
