import type { INodeProperties } from 'n8n-workflow';

import type { Backend } from '../backends';
import { optionalFields, topLevelFields } from './fields';
import {
	notices,
	operationProperties,
	providerProperty,
	referenceTypeProperties,
	resourceProperties,
} from './operations';
import { showOnOrders } from './conditions';
import { libraryProperties } from './library';
import { modelProperties } from './model';
import { mediaProperties, promptProperties } from './slots';
import { waitProperties } from './wait';
import { taskProperties } from './task';
import { orderCollections } from './options';

/** The parameters of a node, built from its backends: what a model takes is read from the catalogue only. */

/** @param backends the ways the node offers; with more than one it asks for the provider first */
export function videoNodeProperties(backends: readonly Backend[]): INodeProperties[] {
	return [
		...providerProperty(backends),
		...resourceProperties(backends),
		...operationProperties(backends),
		...notices(backends),
		...referenceTypeProperties(backends),
		...modelProperties(backends),
		...promptProperties(backends),
		...mediaProperties(backends),
		...topLevelFields(backends),
		...taskProperties(backends),
		...(backends.some(({ provider }) => provider.subjects) ? libraryProperties() : []),
		...[...waitProperties(backends), ...orderCollections(backends, optionalFields(backends))].map((property) =>
			showOnOrders(backends, property),
		),
	];
}
