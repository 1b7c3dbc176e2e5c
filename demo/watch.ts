import type { Emulator, TaskRecord } from '../test/emulator';
import type { Log, Say } from '../test/e2e/harness';

export interface Watch {
	stop(): void;
}

const LOOK_EVERY_MS = 500;

/**
 * A line whenever a task begins or ends at the emulator.
 * @param nameOf what a prompt is about, for a reader
 */
export function watchEmulator(emulator: Emulator, say: Say, nameOf: (prompt: string) => string): Watch {
	const told = new Map<string, string>();
	const look = () => {
		for (const task of emulator.journal.tasks) {
			const state = wordFor(task);
			if (told.get(task.id) === state) continue;
			told.set(task.id, state);
			const seconds =
				task.finishedAtMs === undefined ? '' : ` after ${((task.finishedAtMs - task.createdAtMs) / 1000).toFixed(0)} s`;
			say(
				`  ${timeOfDay()}  ${nameOf(String(task.input.prompt ?? ''))}, ${task.operation}: task ${task.id} ${state}${seconds}`,
			);
		}
	};
	const timer = setInterval(look, LOOK_EVERY_MS);
	return {
		stop() {
			clearInterval(timer);
			look();
		},
	};
}

/** The node's own log lines, where no emulator can be asked. */
export function watchLog(log: Log, say: Say): Watch {
	const end = log.onLine((line) => {
		if (/\btask\b.*\d{15,}/i.test(line)) say(`  ${timeOfDay()}  ${line}`);
	});
	return { stop: end };
}

function wordFor(task: TaskRecord): string {
	if (task.cancelled) return 'canceled';
	switch (task.state) {
		case 'success':
			return 'finished';
		case 'failed':
			return `failed (${task.errCode ?? 'no code'})`;
		default:
			return 'started';
	}
}

function timeOfDay(): string {
	return new Date().toTimeString().slice(0, 8);
}
