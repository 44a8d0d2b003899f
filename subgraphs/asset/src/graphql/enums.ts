import { registerEnumType } from 'type-graphql';
import { assetKinds, assetStatuses, criticalities, enumOf } from '@tributary/contracts/values';
import { assetDimensions, assetOrders, dependencyDirections } from '../domain/assetValues.js';

export const AssetKind = enumOf(assetKinds);
export type AssetKind = keyof typeof AssetKind;

registerEnumType(AssetKind, {
  name: 'AssetKind',
  description: 'What an asset is.',
  valuesConfig: {
    SERVER: { description: 'A machine of its own, or one whose source does not say that it is virtual.' },
    VIRTUAL_MACHINE: { description: 'A machine inside another one.' },
    CONTAINER: { description: 'A container or a pod.' },
    DATABASE: { description: 'A database, or a server of databases.' },
    APPLICATION: { description: 'Software that people or other software use.' },
    NETWORK_DEVICE: { description: 'A switch, router, firewall, load balancer or the like.' },
    STORAGE: { description: 'Disks, volumes, shares and buckets.' },
    CLOUD_RESOURCE: { description: 'Something of a cloud provider that is none of the other kinds.' },
    SERVICE: { description: 'Something that others use, such as a cluster or a site.' },
    OTHER: { description: 'Its source does not say, or it is none of the other kinds.' },
  },
});

export const AssetStatus = enumOf(assetStatuses);
export type AssetStatus = keyof typeof AssetStatus;

registerEnumType(AssetStatus, {
  name: 'AssetStatus',
  description: 'Whether an asset is in use.',
  valuesConfig: {
    ACTIVE: { description: 'In use.' },
    INACTIVE: { description: 'There, but not in use: stopped, planned, offline.' },
    RETIRED: { description: 'Out of use for good. A person’s retireAsset outlasts later discoveries.' },
    UNKNOWN: { description: 'No source says, as when only a dependency names it.' },
  },
});

export const Criticality = enumOf(criticalities);
export type Criticality = keyof typeof Criticality;

registerEnumType(Criticality, {
  name: 'Criticality',
  description: 'How much depends on an asset.',
  valuesConfig: {
    CRITICAL: { description: 'Without it the business stands still.' },
    HIGH: { description: 'Much depends on it.' },
    MEDIUM: { description: 'Some depends on it.' },
    LOW: { description: 'Little depends on it.' },
    UNKNOWN: { description: 'Nobody said.' },
  },
});

export const AssetOrder = enumOf(assetOrders);
export type AssetOrder = keyof typeof AssetOrder;

registerEnumType(AssetOrder, {
  name: 'AssetOrder',
  description: 'Order of a list of assets. Assets of one place are in the order of their ids, so pages never overlap.',
  valuesConfig: {
    NAME_ASC: { description: 'By name, letter case aside, A first.' },
    NAME_DESC: { description: 'By name, letter case aside, Z first.' },
    LAST_SEEN_DESC: { description: 'Those that a flow saw last first.' },
    CREATED_DESC: { description: 'Those that were found last for the first time first.' },
    KIND_ASC: { description: 'By kind, A first, then by name.' },
    CRITICALITY_DESC: { description: 'The most critical first and those that nobody rated last, then by name.' },
  },
});

export const DependencyDirection = enumOf(dependencyDirections);
export type DependencyDirection = keyof typeof DependencyDirection;

registerEnumType(DependencyDirection, {
  name: 'DependencyDirection',
  description: 'Which dependencies of an asset.',
  valuesConfig: {
    OUTGOING: { description: 'What it depends on.' },
    INCOMING: { description: 'What depends on it.' },
    BOTH: { description: 'Both, outgoing first.' },
  },
});

export const AssetDimension = enumOf(assetDimensions);
export type AssetDimension = keyof typeof AssetDimension;

registerEnumType(AssetDimension, {
  name: 'AssetDimension',
  description: 'What assets can be put together by.',
  valuesConfig: {
    KIND: { description: 'What they are.' },
    STATUS: { description: 'Whether they are in use.' },
    ENVIRONMENT: { description: 'Such as production or test.' },
    DEPARTMENT: { description: 'Who they belong to.' },
    CRITICALITY: { description: 'How much depends on them.' },
  },
});
