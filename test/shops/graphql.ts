/** As much of GraphQL as Shopify's Admin API needs here: a query may ask only for what the schema has, and in its types. https://spec.graphql.org */

export interface Field {
	name: string;
	/** under which the answer has it */
	alias: string;
	args: Record<string, unknown>;
	/** absent on a scalar */
	selections?: Selection[];
}
export type Selection = Field | { on: string; selections: Selection[] };

export interface Operation {
	kind: 'query' | 'mutation';
	variables: Record<string, { type: string; fallback?: unknown }>;
	selections: Selection[];
}

/** Stands in a parsed query where a variable's value goes. */
export class Variable {
	constructor(readonly name: string) {}
}

export class GraphQlError extends Error {
	constructor(
		message: string,
		readonly code = 'invalid',
	) {
		super(message);
	}
}

const TOKEN =
	/(?:[\s,\ufeff]|#[^\n]*)*(\.\.\.|[!$():=@[\]{}|]|"(?:[^"\\\n]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|[_A-Za-z]\w*|$)/y;

/** @throws GraphQlError where the text is no single query or mutation */
export function parseOperation(text: string): Operation {
	const tokens = tokensOf(text);
	let at = 0;
	const peek = () => tokens[at] ?? '';
	const take = (wanted?: string): string => {
		const token = tokens[at++] ?? '';
		if (token === '' || (wanted !== undefined && token !== wanted))
			throw new GraphQlError(
				`syntax error, unexpected "${token || 'end of file'}"${wanted ? `, expecting "${wanted}"` : ''}`,
			);
		return token;
	};
	const name = () => {
		const token = take();
		if (!/^[_A-Za-z]/.test(token)) throw new GraphQlError(`syntax error, unexpected "${token}", expecting a name`);
		return token;
	};
	const typeReference = (): string => {
		let type: string;
		if (peek() === '[') {
			take();
			type = `[${typeReference()}]`;
			take(']');
		} else type = name();
		if (peek() === '!') type += take();
		return type;
	};
	const value = (): unknown => {
		const token = take();
		if (token === '$') return new Variable(name());
		if (token.startsWith('"')) return JSON.parse(token) as string;
		if (/^-?\d/.test(token)) return Number(token);
		if (token === 'true' || token === 'false') return token === 'true';
		if (token === 'null') return null;
		if (token === '[') {
			const list: unknown[] = [];
			while (peek() !== ']') list.push(value());
			take();
			return list;
		}
		if (token === '{') {
			const object: Record<string, unknown> = {};
			while (peek() !== '}') {
				const key = name();
				take(':');
				object[key] = value();
			}
			take();
			return object;
		}
		return token; // an enum's value
	};
	const selectionSet = (): Selection[] => {
		const selections: Selection[] = [];
		take('{');
		while (peek() !== '}') {
			if (peek() === '...') {
				take();
				take('on');
				selections.push({ on: name(), selections: selectionSet() });
				continue;
			}
			const first = name();
			const isAlias = peek() === ':';
			if (isAlias) take();
			const field: Field = { alias: first, name: isAlias ? name() : first, args: {} };
			if (peek() === '(') {
				take();
				while (peek() !== ')') {
					const argument = name();
					take(':');
					field.args[argument] = value();
				}
				take();
			}
			if (peek() === '{') field.selections = selectionSet();
			selections.push(field);
		}
		take();
		if (selections.length === 0) throw new GraphQlError('syntax error, an empty selection');
		return selections;
	};

	const operation: Operation = { kind: 'query', variables: {}, selections: [] };
	if (peek() !== '{') {
		const kind = name();
		if (kind !== 'query' && kind !== 'mutation') throw new GraphQlError(`syntax error, unexpected "${kind}"`);
		operation.kind = kind;
		if (/^[_A-Za-z]/.test(peek())) take();
		if (peek() === '(') {
			take();
			while (peek() !== ')') {
				take('$');
				const variable = name();
				take(':');
				operation.variables[variable] = { type: typeReference() };
				if (peek() === '=') {
					take();
					operation.variables[variable].fallback = value();
				}
			}
			take();
		}
	}
	operation.selections = selectionSet();
	if (peek() !== '') throw new GraphQlError(`syntax error, unexpected "${peek()}" after the operation`);
	return operation;
}

function tokensOf(text: string): string[] {
	const tokens: string[] = [];
	TOKEN.lastIndex = 0;
	for (;;) {
		const from = TOKEN.lastIndex;
		const match = TOKEN.exec(text);
		if (!match) throw new GraphQlError(`syntax error, unexpected character at ${from}`);
		if (match[1] === '') return tokens;
		tokens.push(match[1]);
	}
}

/** `Type` or `Type(argument: Type!, …)` by field, for objects; `Type` by field for inputs. */
export interface Schema {
	objects: Readonly<Record<string, Readonly<Record<string, string>>>>;
	/** interface -> what implements it */
	interfaces: Readonly<Record<string, readonly string[]>>;
	inputs: Readonly<Record<string, Readonly<Record<string, string>>>>;
	enums: Readonly<Record<string, readonly string[]>>;
}

type Resolver = (args: Record<string, unknown>) => unknown;

/**
 * Answers a request's body. What a resolver returns is cut down to what was asked for; a function in it is called with
 * the arguments of its field. An object behind an interface says its type as `__typename`.
 */
export function execute(
	schema: Schema,
	request: { query?: unknown; variables?: unknown },
	roots: { query: Record<string, Resolver>; mutation: Record<string, Resolver> },
): { data?: unknown; errors?: Array<{ message: string; extensions: { code: string } }> } {
	try {
		if (typeof request.query !== 'string') throw new GraphQlError('No query string was present');
		const operation = parseOperation(request.query);
		const given = (request.variables ?? {}) as Record<string, unknown>;
		const used = new Set<string>();
		const values: Record<string, unknown> = {};
		for (const [name, { type, fallback }] of Object.entries(operation.variables)) {
			values[name] = Object.hasOwn(given, name) ? given[name] : fallback;
			assertInput(schema, type, values[name], `Variable $${name} of type ${type}`);
		}
		const fill = (value: unknown): unknown => {
			if (value instanceof Variable) {
				if (!Object.hasOwn(operation.variables, value.name))
					throw new GraphQlError(`Variable $${value.name} is used but not declared`);
				used.add(value.name);
				return values[value.name];
			}
			if (Array.isArray(value)) return value.map(fill);
			if (value !== null && typeof value === 'object')
				return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, fill(inner)]));
			return value;
		};
		const root = operation.kind === 'query' ? 'QueryRoot' : 'Mutation';
		const plan = check(schema, root, operation.selections, fill);
		const unused = Object.keys(operation.variables).find((name) => !used.has(name));
		if (unused) throw new GraphQlError(`Variable $${unused} is declared but not used`, 'variableNotUsed');
		return { data: project(schema, root, roots[operation.kind], plan) };
	} catch (error) {
		if (!(error instanceof GraphQlError)) throw error;
		return { errors: [{ message: error.message, extensions: { code: error.code } }] };
	}
}

/** Checks the selections and fills in their arguments, before anything is done. */
function check(schema: Schema, type: string, selections: Selection[], fill: (value: unknown) => unknown): Selection[] {
	return selections.map((selection): Selection => {
		if ('on' in selection) {
			const fits = selection.on === type || schema.interfaces[type]?.includes(selection.on);
			if (!fits)
				throw new GraphQlError(`Fragment on ${selection.on} can't be spread inside ${type}`, 'cannotSpreadFragment');
			return { on: selection.on, selections: check(schema, selection.on, selection.selections, fill) };
		}
		if (selection.name === '__typename') return selection;
		const declared = schema.objects[type]?.[selection.name];
		if (declared === undefined)
			throw new GraphQlError(`Field '${selection.name}' doesn't exist on type '${type}'`, 'undefinedField');
		const { result, parameters } = signatureOf(declared);
		const args = fill(selection.args) as Record<string, unknown>;
		for (const name of Object.keys(args))
			if (!Object.hasOwn(parameters, name))
				throw new GraphQlError(`Field '${selection.name}' doesn't accept argument '${name}'`, 'argumentNotAccepted');
		for (const [name, wanted] of Object.entries(parameters))
			assertInput(schema, wanted, args[name], `Argument '${name}' on Field '${selection.name}'`);
		const inner = bare(result);
		const isObject = inner in schema.objects || inner in schema.interfaces;
		if (isObject !== (selection.selections !== undefined))
			throw new GraphQlError(
				isObject
					? `Field must have selections (field '${selection.name}' returns ${inner} but has no selections)`
					: `Selections can't be made on scalars (field '${selection.name}' returns ${inner})`,
				'selectionMismatch',
			);
		return {
			...selection,
			args,
			...(isObject ? { selections: check(schema, inner, selection.selections ?? [], fill) } : {}),
		};
	});
}

function project(schema: Schema, type: string, source: unknown, selections: Selection[]): unknown {
	if (source === null || source === undefined) return null;
	const object = source as Record<string, unknown>;
	const answer: Record<string, unknown> = {};
	for (const selection of selections) {
		if ('on' in selection) {
			if (selection.on === type || object.__typename === selection.on)
				Object.assign(answer, project(schema, selection.on, source, selection.selections));
			continue;
		}
		const found = object[selection.name];
		const value: unknown = typeof found === 'function' ? (found as Resolver)(selection.args) : found;
		const inner = bare(signatureOf(schema.objects[type]?.[selection.name] ?? 'String').result);
		const { selections: wanted } = selection;
		if (wanted === undefined) answer[selection.alias] = value ?? null;
		else
			answer[selection.alias] = Array.isArray(value)
				? value.map((one) => project(schema, inner, one, wanted))
				: project(schema, inner, value, wanted);
	}
	return answer;
}

function signatureOf(declared: string): { result: string; parameters: Record<string, string> } {
	const [, result = '', list] = /^([^(]+)(?:\((.*)\))?$/.exec(declared) ?? [];
	const parameters = (list ?? '').split(',').flatMap((one) => {
		const [name = '', type = ''] = one.split(':').map((part) => part.trim());
		return name ? [[name, type] as const] : [];
	});
	return { result, parameters: Object.fromEntries(parameters) };
}

const bare = (type: string): string => type.replace(/[[\]!]/g, '');

function assertInput(schema: Schema, type: string, value: unknown, where: string): void {
	const refuse = (why: string): never => {
		throw new GraphQlError(`${where} was provided invalid value: ${why}`, 'INVALID_VARIABLE');
	};
	if (value === null || value === undefined) {
		if (type.endsWith('!')) refuse(`Expected value to not be null`);
		return;
	}
	const inner = type.replace(/!$/, '');
	if (inner.startsWith('[')) {
		if (!Array.isArray(value)) refuse('Expected a list');
		(value as unknown[]).forEach((one, index) => assertInput(schema, inner.slice(1, -1), one, `${where}, ${index}`));
		return;
	}
	const fields = schema.inputs[inner];
	if (fields) {
		if (typeof value !== 'object' || Array.isArray(value))
			refuse(`Expected "${String(value)}" to be a key-value object`);
		const object = value as Record<string, unknown>;
		for (const name of Object.keys(object))
			if (!Object.hasOwn(fields, name)) refuse(`Field is not defined on ${inner}: ${name}`);
		for (const [name, wanted] of Object.entries(fields)) assertInput(schema, wanted, object[name], `${where}.${name}`);
		return;
	}
	const allowed = schema.enums[inner];
	if (allowed && !allowed.includes(String(value)))
		refuse(`Expected "${String(value)}" to be one of: ${allowed.join(', ')}`);
	const wanted: Record<string, string> = {
		ID: 'string',
		String: 'string',
		URL: 'string',
		Int: 'number',
		Boolean: 'boolean',
	};
	// a 64-bit number travels as text, but plain numbers are read too
	if (
		inner === 'UnsignedInt64'
			? !/^\d+$/.test(String(value))
			: wanted[inner] !== undefined && typeof value !== wanted[inner]
	)
		refuse(`Could not coerce value ${JSON.stringify(value)} to ${inner}`);
}
