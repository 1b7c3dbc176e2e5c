import { readPublicUrl } from '../publicUrl';
import { invalid } from '../invalidInput';
import { readSources } from '../sources';
import { countOf, orModels, type Slot } from './slot';

/** A list of addresses of clips. */
export const videos: Slot<'videos'> = {
	async read({ name, label, wire }, { item, settings }) {
		const found = readSources(item.get(name), label, 'video').map(({ mode, value }) => {
			if (mode === 'url') return readPublicUrl(value, label, settings, 'video');
			throw invalid(label, `${label} must be URLs`, 'Give the public addresses of the clips, starting with https://.');
		});
		return found.length > 0 ? { [wire]: found } : {};
	},
	check({ label, wire }, inputs, { rules, rows, taker }) {
		const count = countOf(inputs[wire]);
		if (!rules || count <= (rules.videos?.max ?? 0)) return;
		throw invalid(
			label,
			rules.videos ? `${label} holds ${count} videos` : `${label} are not taken by ${taker}`,
			rules.videos
				? `${taker} takes at most ${rules.videos.max}.`
				: `Remove them${orModels(rows.filter(([, row]) => row.videos))}.`,
		);
	},
};
