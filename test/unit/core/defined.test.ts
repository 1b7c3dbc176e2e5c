import { defined } from '../../../lib/core/defined';

test('what has no value is left out; null, 0, false and empty text are values', () => {
	const values = { nothing: null, zero: 0, no: false, text: '' };
	expect(defined({ ...values, absent: undefined })).toStrictEqual(values);
});
