import { NoReply, type Http } from './http';
import type { Provider, StatusAnswer } from './provider';

/** One question about one task; `silent` where no answer came. */
export type Asked = StatusAnswer | { kind: 'silent'; cause: NoReply };

export async function askForTask(
	{ provider, http }: { provider: Provider; http: Http },
	taskId: string,
	timeoutMs: number,
): Promise<Asked> {
	try {
		return provider.readStatus(await http.send({ ...provider.ask(taskId), timeoutMs }));
	} catch (cause) {
		if (cause instanceof NoReply) return { kind: 'silent', cause };
		throw cause;
	}
}
