/** Fields of an asset, or of a dependency, that a source column can be mapped to. */
export interface MappingTarget {
  readonly field: TargetField;
  readonly description: string;
  /** `name` may be missing when a host name, external id or address can stand in for it. */
  readonly required: boolean;
  /** Whether several columns of one source may be mapped to it. */
  readonly multiple: boolean;
}

export type TargetField =
  | 'name'
  | 'externalId'
  | 'kind'
  | 'status'
  | 'environment'
  | 'department'
  | 'criticality'
  | 'hostname'
  | 'ipAddress'
  | 'operatingSystem'
  | 'ownerEmail'
  | 'tags'
  | 'firstSeenAt'
  | 'lastSeenAt'
  | 'scope'
  | DependencyTarget
  | ConnectionTarget;

/** Columns of an asset's row that name other assets. */
export type DependencyTarget =
  | 'dependency.host'
  | 'dependency.cluster'
  | 'dependency.runsOn'
  | 'dependency.hostedBy'
  | 'dependency.partOf'
  | 'dependency.dependsOn'
  | 'dependency.connectedTo'
  | 'dependency.uses'
  | 'dependency.backedUpBy'
  | 'dependency.relatedTo';
/** Columns of a connections file, in which each row is an edge. */
export type ConnectionTarget = 'dependency.from' | 'dependency.to' | 'dependency.kind';

function target(
  field: TargetField,
  description: string,
  options: { required?: boolean; multiple?: boolean } = {},
): MappingTarget {
  return { field, description, required: options.required ?? false, multiple: options.multiple ?? false };
}

export const mappingTargets: readonly MappingTarget[] = [
  target('name', 'What people call the asset. Where a row has none, its host name or a globally unique id stands in.', {
    required: true,
  }),
  target('externalId', 'Its key in the source system. Recognises the asset when the source is imported again.'),
  target('kind', 'Type, class or role: server, virtual machine, router, database and so on.'),
  target('status', 'Whether it is in use: active, stopped, retired and so on.'),
  target('environment', 'Production, staging, test and so on.'),
  target('department', 'The department, team, tenant or cost centre that it belongs to.'),
  target('criticality', 'How much the business depends on it: low, medium, high or critical.'),
  target('hostname', 'Its host name, as DNS knows it, with or without the domain.'),
  target('ipAddress', 'Its main IPv4 or IPv6 address.'),
  target('operatingSystem', 'Operating system or platform, with its version.'),
  target('ownerEmail', 'E-mail address of the person who answers for it. Personal data: masked for most roles.'),
  target('tags', 'Free labels, separated by comma or semicolon. Several columns may be tags.', { multiple: true }),
  target('firstSeenAt', 'When the source first saw it, or when it was created.'),
  target('lastSeenAt', 'When the source last saw or updated it.'),
  target(
    'scope',
    'Site, namespace, account or domain within which names are unique: the same name in two of them is two assets.',
  ),
  target('dependency.host', 'The host or hypervisor that it runs on.', { multiple: true }),
  target('dependency.cluster', 'The cluster that it is a member of.', { multiple: true }),
  target('dependency.runsOn', 'Another asset that it runs on.', { multiple: true }),
  target('dependency.hostedBy', 'The service or platform that hosts it.', { multiple: true }),
  target('dependency.partOf', 'Another asset that it is a part of.', { multiple: true }),
  target('dependency.uses', 'Other assets that it uses.', { multiple: true }),
  target('dependency.backedUpBy', 'Another asset that it is backed up by.', { multiple: true }),
  target('dependency.relatedTo', 'Another asset that it has to do with, in a way that no other target says.', {
    multiple: true,
  }),
  target('dependency.dependsOn', 'Other assets that it depends on, separated by comma or semicolon.', {
    multiple: true,
  }),
  target('dependency.connectedTo', 'Another asset that it is connected to.', { multiple: true }),
  target('dependency.from', 'Connections file: the asset that depends, or where the cable starts.'),
  target('dependency.to', 'Connections file: the asset that is depended on, or where the cable ends.'),
  target('dependency.kind', 'Connections file: what kind of dependency it is.'),
];

const byField = new Map<string, MappingTarget>(mappingTargets.map((entry) => [entry.field, entry]));

export function findMappingTarget(field: string): MappingTarget | null {
  return byField.get(field) ?? null;
}
