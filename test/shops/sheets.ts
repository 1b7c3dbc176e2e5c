import {
	basicLogin,
	jsonReply,
	lowerHeaders,
	readBytes,
	readObject,
	type EmulatorRequest,
	type Reply,
	type Service,
} from './http';
import { HOSTS } from './names';

/**
 * A strict double of Google Sheets and Google's OAuth: cells are typed as a person types them (USER_ENTERED makes a number of what looks like
 * one, and loses digits past the fifteenth) or kept as text (RAW). https://developers.google.com/workspace/sheets/api/reference/rest
 */

export const GOOGLE_APP = { clientId: 'google-client-id', clientSecret: 'google-client-secret' };
const ACCESS_TOKEN = 'ya29.only-for-tests';
const SCOPE = 'https://www.googleapis.com/auth/spreadsheets';

type Cell = string | number | boolean;

export class Sheets {
	/** rows by sheet, by spreadsheet; the first row holds the headings */
	readonly documents = new Map<string, Map<string, Cell[][]>>();
	readonly refused: string[] = [];
	/** Requests that read or write, by kind. */
	readonly calls = { read: 0, write: 0 };
	private readonly codes = new Set<string>();

	get services(): Record<string, Service> {
		return {
			[HOSTS.sheets]: { handle: async (request) => await this.handle(request) },
			[HOSTS.googleLogin]: { handle: async (request) => await Promise.resolve(this.login(request)) },
			[HOSTS.googleTokens]: { handle: async (request) => await this.token(request) },
		};
	}

	/** Gives a document these sheets; others that it has stay. */
	put(id: string, sheets: Record<string, Cell[][]>): void {
		const document = this.documents.get(id) ?? new Map<string, Cell[][]>();
		for (const [name, rows] of Object.entries(sheets)) document.set(name, [...rows.map((row) => [...row])]);
		this.documents.set(id, document);
	}

	/** Rows of a sheet as objects, by its headings. */
	rows(document: string, sheet: string): Array<Record<string, Cell>> {
		const [head = [], ...rows] = this.documents.get(document)?.get(sheet) ?? [];
		return rows.map((row) => Object.fromEntries(head.map((name, column) => [String(name), row[column] ?? ''])));
	}

	private login(request: EmulatorRequest): Reply {
		const query = new URL(request.target, `https://${HOSTS.googleLogin}`).searchParams;
		const back = query.get('redirect_uri');
		if (query.get('client_id') !== GOOGLE_APP.clientId || back === null)
			return jsonReply(400, { error: 'invalid_client' });
		if (!query.get('scope')?.split(' ').includes(SCOPE)) return jsonReply(400, { error: 'invalid_scope' });
		const code = `4/code-${this.codes.size + 1}`;
		this.codes.add(code);
		const target = new URL(back);
		target.searchParams.set('code', code);
		target.searchParams.set('state', query.get('state') ?? '');
		return { status: 302, headers: { location: target.href }, body: '' };
	}

	private async token(request: EmulatorRequest): Promise<Reply> {
		const form = new URLSearchParams((await readBytes(request)).toString());
		const login =
			basicLogin(lowerHeaders(request.headers).authorization) ??
			`${form.get('client_id')}:${form.get('client_secret')}`;
		if (login !== `${GOOGLE_APP.clientId}:${GOOGLE_APP.clientSecret}`)
			return jsonReply(401, { error: 'invalid_client' });
		if (form.get('grant_type') !== 'authorization_code' || !this.codes.delete(form.get('code') ?? ''))
			return jsonReply(400, { error: 'invalid_grant' });
		return jsonReply(200, {
			access_token: ACCESS_TOKEN,
			refresh_token: '1//only-for-tests',
			expires_in: 3599,
			token_type: 'Bearer',
			scope: SCOPE,
		});
	}

	private async handle(request: EmulatorRequest): Promise<Reply> {
		const refuse = (code: number, status: string, message: string): Reply => {
			this.refused.push(`${request.method} ${request.target}: ${message}`);
			return jsonReply(code, { error: { code, message, status } });
		};
		if (lowerHeaders(request.headers).authorization !== `Bearer ${ACCESS_TOKEN}`)
			return refuse(401, 'UNAUTHENTICATED', 'Request had invalid authentication credentials.');
		const url = new URL(request.target, `https://${HOSTS.sheets}`);
		const [, id = '', rest = ''] = /^\/v4\/spreadsheets\/([^/:]+)(.*)$/.exec(url.pathname) ?? [];
		const document = this.documents.get(id);
		if (!document) return refuse(404, 'NOT_FOUND', 'Requested entity was not found.');
		this.calls[request.method === 'GET' ? 'read' : 'write'] += 1;
		if (rest === '' && request.method === 'GET')
			return jsonReply(200, { sheets: [...document.keys()].map((title, index) => properties(title, index, document)) });
		const body = await readObject(request);
		if (rest === ':batchUpdate') return jsonReply(200, { spreadsheetId: id, replies: [] }); // more rows or columns: this double's sheets have no end
		const input = (value: unknown) => (value === 'RAW' || value === 'USER_ENTERED' ? value : undefined);
		if (rest === '/values:batchUpdate' && request.method === 'POST') {
			const how = input(body?.valueInputOption);
			if (how === undefined) return refuse(400, 'INVALID_ARGUMENT', "'valueInputOption' is required but not specified");
			for (const { range, values } of (body?.data ?? []) as Array<{ range: string; values: Cell[][] }>)
				if (!write(document, range, values, how))
					return refuse(400, 'INVALID_ARGUMENT', `Unable to parse range: ${range}`);
			return jsonReply(200, { spreadsheetId: id });
		}
		const [, encoded, append] = /^\/values\/(.+?)(:append)?$/.exec(rest) ?? [];
		if (encoded === undefined) return refuse(404, 'NOT_FOUND', 'Unknown method.');
		const range = decodeURIComponent(encoded);
		if (request.method === 'GET') {
			const values = read(document, range);
			if (!values) return refuse(400, 'INVALID_ARGUMENT', `Unable to parse range: ${range}`);
			return jsonReply(200, { range, majorDimension: 'ROWS', ...(values.length > 0 ? { values } : {}) });
		}
		const how = input(url.searchParams.get('valueInputOption'));
		if (how === undefined) return refuse(400, 'INVALID_ARGUMENT', "'valueInputOption' is required but not specified");
		const target = append === undefined ? range : endOf(document, range);
		if (!write(document, target, (body?.values ?? []) as Cell[][], how))
			return refuse(400, 'INVALID_ARGUMENT', `Unable to parse range: ${range}`);
		return jsonReply(200, { spreadsheetId: id, updatedRange: target });
	}
}

function properties(title: string, index: number, document: Map<string, Cell[][]>) {
	const rows = document.get(title) ?? [];
	const gridProperties = {
		rowCount: Math.max(1_000, rows.length),
		columnCount: Math.max(26, ...rows.map((row) => row.length)),
	};
	return { properties: { sheetId: index, title, index, sheetType: 'GRID', gridProperties } };
}

interface Area {
	rows: Cell[][];
	/** from zero, the last included; a missing end is the sheet's */
	top: number;
	left: number;
	bottom: number;
	right: number;
}

/** A1 notation. @returns nothing where there is no such sheet, or no such notation */
function area(document: Map<string, Cell[][]>, range: string): Area | undefined {
	const [, quoted, plain, cells = ''] = /^(?:'((?:[^']|'')+)'|([^!]+))(?:!(.+))?$/.exec(range) ?? [];
	const rows = document.get(quoted?.replaceAll("''", "'") ?? plain ?? '');
	if (!rows) return undefined;
	if (cells === '') return { rows, top: 0, left: 0, bottom: Infinity, right: Infinity };
	const [, fromColumn, fromRow, toColumn, toRow] = /^([A-Z]*)(\d*)(?::([A-Z]*)(\d*))?$/.exec(cells) ?? [];
	if (fromColumn === undefined) return undefined;
	const isOne = !cells.includes(':');
	const column = (name: string | undefined, missing: number) =>
		name ? [...name].reduce((sum, sign) => sum * 26 + sign.charCodeAt(0) - 64, 0) - 1 : missing;
	const row = (text: string | undefined, missing: number) => (text ? Number(text) - 1 : missing);
	const [top, left] = [row(fromRow, 0), column(fromColumn, 0)];
	return {
		rows,
		top,
		left,
		bottom: isOne ? top : row(toRow, Infinity),
		right: isOne ? left : column(toColumn, Infinity),
	};
}

function read(document: Map<string, Cell[][]>, range: string): Cell[][] | undefined {
	const found = area(document, range);
	if (!found) return undefined;
	const { rows, top, left, bottom, right } = found;
	const values = rows.slice(top, bottom + 1).map((row) => trimmed(row.slice(left, right + 1)));
	while (values.length > 0 && values.at(-1)?.length === 0) values.pop();
	return values;
}

/** What is empty at the end of a row is not told. */
function trimmed(row: Cell[]): Cell[] {
	const cells = Array.from(row, (cell) => cell ?? '');
	while (cells.length > 0 && cells.at(-1) === '') cells.pop();
	return cells;
}

function write(document: Map<string, Cell[][]>, range: string, values: Cell[][], how: 'RAW' | 'USER_ENTERED'): boolean {
	const found = area(document, range);
	if (!found) return false;
	for (const [down, row] of values.entries()) {
		const target = (found.rows[found.top + down] ??= []);
		for (const [along, cell] of row.entries())
			if (cell !== null && cell !== undefined) target[found.left + along] = how === 'RAW' ? cell : typed(cell);
	}
	for (let index = 0; index < found.rows.length; index += 1) found.rows[index] ??= [];
	return true;
}

/** As if a person typed it. */
function typed(cell: Cell): Cell {
	if (typeof cell !== 'string') return cell;
	if (cell.startsWith("'")) return cell.slice(1);
	if (/^(true|false)$/i.test(cell)) return cell.toLowerCase() === 'true';
	return /^-?\d+(\.\d+)?$/.test(cell) ? Number(Number(cell).toPrecision(15)) : cell;
}

function endOf(document: Map<string, Cell[][]>, range: string): string {
	const [sheet = ''] = range.split('!');
	return `${sheet}!A${(area(document, sheet)?.rows.length ?? 0) + 1}`;
}
