import { defined } from '../../core/defined';
import type { Provider } from '../../core/provider';
import { asRecord, asText, toCamelCase } from '../replies';

/** The page of subjects on platform.vidu.cn. How several ids are written no page says: repeated, as lists are elsewhere. */
export const subjects: NonNullable<Provider['subjects']> = {
	page: ({ ownership, subjectIds = [] }, size, token) => ({
		method: 'GET',
		path: `/ent/v2/subjects?${[
			...(ownership === undefined ? [] : [['ownership', ownership]]),
			...subjectIds.map((id) => ['subject_ids', id]),
			['count', String(size)],
			...(token === undefined ? [] : [['next_page_token', token]]),
		]
			.map(([name = '', value = '']) => `${name}=${encodeURIComponent(value)}`)
			.join('&')}`,
	}),

	read({ status, body }) {
		const { subjects: found, next_page_token: token } = asRecord(body);
		if (status >= 300 || !Array.isArray(found)) return undefined;
		return {
			rows: found.map((row: unknown) =>
				Object.fromEntries(
					Object.entries(asRecord(row))
						.filter(([, value]) => value !== '' && value !== null)
						.map(([name, value]) => [toCamelCase(name), name === 'id' ? (asText(value) ?? '') : value]),
				),
			),
			...defined({ nextPageToken: asText(token) }),
		};
	},
};
