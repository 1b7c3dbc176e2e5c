import { updateDisplayOptions } from 'n8n-workflow';
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
import { showOrders } from './conditions';
import { modelProperties } from './model';
import { mediaProperties, promptProperties } from './slots';
import { waitProperties } from './wait';
import { taskProperties } from './task';
import { orderCollections } from './options';

/** The parameters of a node, built from its backends: what a model takes is read from the catalogue only. */

/** @param backends the ways the node offers; with more than one it asks for the provider first */
export function videoNodeProperties(backends: readonly Backend[]): INodeProperties[] {
	const orders = showOrders(backends);
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
		...updateDisplayOptions(orders, waitProperties(backends)),
		...updateDisplayOptions(orders, orderCollections(backends, optionalFields(backends))),
	];
}
