import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A row of `asset`: what is known of one thing of the customer's estate. When it was seen last is in `asset_sighting`. */
@Entity('asset')
export class AssetRow {
  @PrimaryColumn('uuid', { name: 'workspace_id' })
  workspaceId!: string;

  @PrimaryColumn('uuid')
  id!: string;

  /** What sources recognise it by; unique in the workspace. */
  @Column('text', { name: 'source_key' })
  sourceKey!: string;

  /** Hash of the column names of the source that created it and so owns it; empty while only a dependency named it. */
  @Column('text', { name: 'source_shape' })
  sourceShape!: string;

  /** Of what the owning source said last; empty when it said nothing yet. */
  @Column('text')
  fingerprint!: string;

  @Column('text')
  kind!: string;

  @Column('text')
  name!: string;

  /** The name as it is compared and sorted. */
  @Column('text', { name: 'name_key' })
  nameKey!: string;

  @Column('text', { name: 'external_id', nullable: true })
  externalId!: string | null;

  /** The external id as it is compared; null when it says no more than the name. */
  @Column('text', { name: 'external_key', nullable: true })
  externalKey!: string | null;

  /** Within what its name is unique; null: in the workspace. */
  @Column('text', { nullable: true })
  scope!: string | null;

  @Column('text')
  status!: string;

  @Column('text', { nullable: true })
  environment!: string | null;

  @Column('text', { nullable: true })
  department!: string | null;

  @Column('text')
  criticality!: string;

  @Column('text', { nullable: true })
  hostname!: string | null;

  /** The hostname as it is compared; null when it says no more than the name. */
  @Column('text', { name: 'hostname_key', nullable: true })
  hostnameKey!: string | null;

  @Column('text', { name: 'ip_address', nullable: true })
  ipAddress!: string | null;

  @Column('text', { name: 'operating_system', nullable: true })
  operatingSystem!: string | null;

  @Column('text', { name: 'owner_email', nullable: true })
  ownerEmail!: string | null;

  @Column('text', { array: true })
  tags!: string[];

  @Column('jsonb')
  attributes!: Record<string, unknown>;

  /** Fields that a person set: discoveries leave them. */
  @Column('text', { name: 'edited_fields', array: true })
  editedFields!: string[];

  /** All its search terms, each between line ends: what decides when a term is too common to start from. */
  @Column('text', { name: 'search_text' })
  searchText!: string;

  @Column('integer')
  version!: number;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt!: Date;
}
