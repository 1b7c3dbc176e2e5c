import type { IDataObject } from 'n8n-workflow';

import { askForFilm } from '../../../core/ask';
import { defined } from '../../../core/defined';
import type { Film, FilmPart } from '../../../core/film';
import { readTaskId } from '../../input/taskIds';
import { CALL_TIMEOUT_MS, type Operate } from '../call';
import { statusWord } from '../output';
import { deliver, withoutReport } from './task';

/** A film that exists already, with the parts that it is made of. */
export const getFilm: Operate = async (call) => {
	const { item, backend, account } = call;
	const taskId = readTaskId(item, backend);
	const asked = await askForFilm({ provider: backend.provider, http: account.http }, taskId, CALL_TIMEOUT_MS);
	if (asked.kind !== 'report') throw withoutReport(call, taskId, asked);
	return [await deliver(call, taskId, asked.report, asked.film && tellFilm(asked.film))];
};

/** By the names of the output. */
function tellFilm({ kind, storyboard, narration, music, versions }: Film): IDataObject {
	return defined({
		film: kind,
		storyboard: storyboard.map((scene) => ({ index: scene.index, versions: scene.versions.map(tellPart) })),
		narration: narration?.map(tellPart),
		music: music?.map(tellPart),
		versions: versions.map(tellPart),
	});
}

const tellPart = ({
	id,
	state,
	makes,
	prompt,
	url,
	urlExpiresAt,
	durationSeconds,
	code,
	facts,
}: FilmPart): IDataObject =>
	defined({
		...{ id, status: statusWord(state), prompt },
		[makes === 'audio' ? 'audioUrl' : 'videoUrl']: url,
		...{ urlExpiresAt, durationSeconds, code },
		...(facts as IDataObject | undefined),
	});
