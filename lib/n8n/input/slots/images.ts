import { invalid } from '../invalidInput';
import { countOf, orModels, type Slot } from './slot';

/** A list of images, mixed and in lists of their own, as many as the model takes. */
export const images: Slot<'images'> = {
	async read({ name, label, wire }, { item, open }) {
		const given = item.get(name);
		const isCollection = typeof given === 'object' && given !== null && !Array.isArray(given);
		// nothing was added to it
		if (isCollection && Object.keys(given).length === 0) return {};
		const rows = isCollection && 'image' in given ? given.image : given;
		const found = await open(rows, label);
		return found.length > 0 ? { [wire]: found } : {};
	},
	counts: ({ wire }, inputs) => ({ images: countOf(inputs[wire]) }),
	check({ label, wire }, inputs, { rules, rows, taker }) {
		if (!rules?.images) return;
		const count = countOf(inputs[wire]);
		const isBesideVideo = countOf(inputs.videos) > 0;
		const { min, max } = rules.images;
		const most = isBesideVideo && rules.videos ? rules.videos.maxImagesBeside : max;
		if (count >= min && count <= most) return;
		const roomier = isBesideVideo ? [] : rows.filter(([, row]) => row.images.max >= count);
		const advice =
			count < min
				? 'This row has too few images. Leave such rows out with a Filter node before this one.'
				: `Pass the first ${most} only, for example {{ $json.images.slice(0, ${most}) }}${orModels(roomier)}.`;
		throw invalid(
			label,
			`${label} holds ${count} ${count === 1 ? 'image' : 'images'}`,
			`${taker} takes ${min} to ${most}${isBesideVideo ? ' beside a video' : ''}. ${advice}`,
		);
	},
};
