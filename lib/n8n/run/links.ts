import type { FileFacts } from '../../core/download';
import { kindOfLink } from '../../core/fileType';
import type { TaskReport } from '../../core/provider';
import { madeBy } from '../operations';

/** What the link to a file is called in an item. */

/** By what was made; of a task that somebody else ordered, by what arrived, or by what its link looks like. */
export function linkNameOf({
	operation,
	file,
	report,
}: {
	operation?: string;
	file?: FileFacts;
	report?: TaskReport;
}): 'videoUrl' | 'imageUrl' | 'audioUrl' {
	const made = madeBy(operation) ?? file?.mimeType.split('/')[0] ?? kindOfLink(report?.videoUrl);
	return made === 'image' ? 'imageUrl' : made === 'audio' ? 'audioUrl' : 'videoUrl';
}
