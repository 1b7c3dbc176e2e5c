import type { FieldName } from '../../../lib/catalogue/types';
import { FIELD_LABELS, labelValue } from '../../../lib/n8n/fields';
import { COGVIDEOX_BACKENDS, VIDU_BACKENDS } from '../../../lib/n8n/backends';
import { toSnakeCase } from '../../../lib/providers/replies';

const ROWS = [...VIDU_BACKENDS, ...COGVIDEOX_BACKENDS].flatMap(({ catalogue: { models, rules } }) => [
	...Object.values(models).flatMap((rows) => Object.values(rows)),
	...Object.values(rules),
]);
const USED = [...new Set(ROWS.flatMap(({ fields }) => Object.keys(fields)))] as FieldName[];

test('every field of the catalogue has a label, and every label a field', () => {
	expect(Object.keys(FIELD_LABELS).sort()).toEqual([...USED].sort());
});

test.each(USED)('%s is called and explained', (field) => {
	const { name, description, placeholder } = FIELD_LABELS[field];
	expect(name).toMatch(/^[A-Z]/);
	expect(description.length).toBeGreaterThan(10);
	expect(description).not.toMatch(/^[^.]*\.$/);
	if (placeholder !== undefined) expect(placeholder).toMatch(/^e\.g\. /);
});

test('every word that a service spells in lower case has a label of its own', () => {
	const bare = ROWS.flatMap(({ fields }) =>
		Object.entries(fields).flatMap(([field, rule]) =>
			(rule.kind === 'choice' ? rule.values : []).filter(
				(value) => /^[a-z_]+$/.test(String(value)) && labelValue(field as FieldName, value) === value,
			),
		),
	);
	expect(bare).toEqual([]);
});

test('no two values of a field share a label, where they stand in one list', () => {
	for (const field of USED) {
		// a corner is a number in one operation and a word in another, under one name
		const byType = (type: string) =>
			new Set(
				ROWS.flatMap(({ fields: { [field]: rule } }) =>
					rule?.kind === 'choice' ? rule.values.filter((value) => typeof value === type) : [],
				),
			);
		for (const values of [byType('number'), byType('string')]) {
			const labels = [...values].map((value) => labelValue(field, value));
			expect([field, new Set(labels).size]).toEqual([field, values.size]);
		}
	}
});

test.each<[FieldName, string | number, string]>([
	['duration', 0, 'Automatic'],
	['duration', 1, '1 Second'],
	['duration', 16, '16 Seconds'],
	['aspectRatio', '16:9', '16:9'],
	['wmPosition', 3, 'Bottom Right'],
	['resolution', '2K', '2K'],
	['audioType', 'speech_only', 'Speech Only'],
	['duration', '12', '12 Seconds'],
	['duration', '5s', '5s'],
	['duration', '__proto__', '__proto__'],
	['wmPosition', 'constructor', 'constructor'],
])('%s %s reads "%s"', (field, value, label) => {
	expect(labelValue(field, value)).toBe(label);
});

test('names are those of the APIs in camelCase', () => {
	expect(USED.map(toSnakeCase)).toEqual(
		expect.arrayContaining(['movement_amplitude', 'is_rec', 'with_audio', 'aspect_ratio', 'off_peak', 'wm_position']),
	);
	for (const field of USED) expect(toSnakeCase(field)).toMatch(/^[a-z]+(_[a-z]+)*$/);
});
