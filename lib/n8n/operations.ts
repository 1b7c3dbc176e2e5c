import { callsBack as declaresCallback, isWaitedFor, madeBy as madeByDeclaration } from '../catalogue/catalogue';
import { declarationOf, OPERATIONS } from '../catalogue/operations';
import { nounOf as nounOfDeclaration } from '../catalogue/resources';
import type { Made, Noun, OperationDeclaration, Resource, Rules } from '../catalogue/types';

export type { Made };

/** What a run has to know of an operation by its name alone: of an item, a record of an earlier try, a parked execution. */

/** Names of the operations that stand on a resource, whoever sells them. */
export const operationsOn = (resource: Resource): string[] =>
	OPERATIONS.filter((operation) => operation.resource === resource).map(({ name }) => name);

/** What it makes; undefined where nobody says which operation it was, and where the file alone says it. */
export function madeBy(operation: string | undefined): Made | undefined {
	const declaration = declarationOf(operation);
	const made = declaration && madeByDeclaration(declaration);
	return made === 'any' ? undefined : made;
}

/** How what it makes is called; undefined where nobody says which operation it was. */
export function nounOf(operation: string | undefined): Noun | undefined {
	const declaration = declarationOf(operation);
	return declaration && nounOfDeclaration(declaration);
}

/** True where the service can call back when a task of it changes. */
export const callsBack = (operation: string): boolean => isKnown(operation, declaresCallback);

/** False where the answer to the order says all there is. */
export const canBeWaitedFor = (operation: string): boolean => isKnown(operation, isWaitedFor);

/** An operation that nobody knows is refused elsewhere. */
function isKnown(operation: string, is: (declaration: OperationDeclaration) => boolean): boolean {
	const declaration = declarationOf(operation);
	return declaration === undefined || is(declaration);
}

/** How long it may go without progress, where that is longer than usual. */
export function patienceMinutesOf(operation: string): number | undefined {
	const declaration = declarationOf(operation);
	const rows: Array<Rules | undefined> = [declaration?.rules, ...Object.values(declaration?.models ?? {})];
	return rows.find((row) => row?.maxWaitMinutes !== undefined)?.maxWaitMinutes;
}
