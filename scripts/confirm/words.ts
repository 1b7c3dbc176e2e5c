import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

import type { HttpReply } from '../../lib/core/http';
import type { Provider } from '../../lib/core/provider';
import { asNumber } from '../../lib/providers/replies';
import type { Ended, Ordered, Session } from './session';
import { asRead, otherwise, told, unclear, type Finding } from './types';

/** What several checks ask of an answer, and how it is said. */

const MOST_CHARACTERS = 160;

/** `HTTP 400 FieldInvalid "field style is invalid"`. */
export function tell(provider: Provider, reply: HttpReply): string {
	if (reply.status < 300) return `HTTP ${reply.status}`;
	const { code, providerMessage } = provider.diagnose(reply);
	const words = providerMessage === undefined ? '' : ` "${providerMessage.slice(0, MOST_CHARACTERS)}"`;
	return `HTTP ${reply.status}${code === undefined ? '' : ` ${code}`}${words}`;
}

/** Refused as a wrong key is. */
export const isKeyRefused = (provider: Provider, reply: HttpReply): boolean =>
	reply.status >= 400 && provider.diagnose(reply).kind === 'auth';

/** Whether an order was taken that the papers expect to be. */
export const tellOrdered = (provider: Provider, ordered: Ordered): string =>
	ordered.taken ? 'taken' : `refused: ${tell(provider, ordered.reply)}`;

/** What was charged beside what the catalogue says. */
export function comparePrice(charged: number | undefined, ...published: number[]): Finding {
	if (charged === undefined) return unclear('the answer names no price');
	return published.includes(charged)
		? asRead(`${charged}`)
		: otherwise(`${charged}, published ${published.join(' or ')}`);
}

/** How long a link works, by what it says itself. @param expected in hours */
export function tellLife(url: string | undefined, expiresAt: string | undefined, expected: number): Finding {
	if (url === undefined) return unclear('there is no link');
	if (expiresAt === undefined) return unclear('the link does not say');
	const hours = (Date.parse(expiresAt) - Date.now()) / 3_600_000;
	const seen = `${hours.toFixed(1)} hours`;
	return Math.abs(hours - expected) < expected / 10 ? asRead(seen) : otherwise(seen);
}

/** Whether the same task, read again, comes with another link. */
export async function tellFreshLink(session: Session, taskId: string, first: string | undefined): Promise<Finding> {
	const answer = session.provider.readStatus(await session.ask(session.provider.ask(taskId)));
	const again = answer.kind === 'report' ? answer.report.videoUrl : undefined;
	if (first === undefined || again === undefined) return unclear('there is no link');
	return again === first ? told('the same link') : told('another link');
}

/** What the link leads to, asked for without the key. */
export async function tellFile(session: Session, url: string | undefined, expected: RegExp): Promise<Finding> {
	if (url === undefined) return otherwise('there is no link');
	const { status, type } = await session.fetchFile(url);
	const seen = type ?? `HTTP ${status}, no type that is known`;
	return type !== undefined && expected.test(type) ? asRead(seen) : otherwise(seen);
}

/** How long it took, beside what the catalogue assumes. */
export const tellTime = ({ seconds, states }: Ended, assumed: number): Finding =>
	told(`${Math.round(seconds)} s (${states.join(', ')}), assumed ${assumed} s`);

/** Where a task ended without what was ordered. */
export function tellEnd({ report }: Ended): string {
	const { diagnosis } = report;
	return `${report.providerState}${diagnosis?.code === undefined ? '' : ` ${diagnosis.code}`}`;
}

export const creditsOf = (report: { credits?: number }): number | undefined => asNumber(report.credits);

/** An image that may be sent: the demo's sneaker, drawn for this repository. @param name a file of test/emulator/assets */
export function dataUri(name: 'sneaker.png' | 'sneaker-end.png'): string {
	const bytes = readFileSync(resolve(__dirname, '../../test/emulator/assets', name));
	return `data:image/png;base64,${bytes.toString('base64')}`;
}
