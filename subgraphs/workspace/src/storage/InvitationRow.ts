import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Actor } from '@tributary/contracts/principal';
import type { Role } from '@tributary/contracts/roles';

@Entity('invitation')
export class InvitationRow {
  @PrimaryColumn('uuid', { name: 'workspace_id' })
  workspaceId!: string;

  @PrimaryColumn('uuid')
  id!: string;

  @Column('text')
  email!: string;

  @Column('text', { name: 'display_name' })
  displayName!: string;

  @Column('text')
  role!: Role;

  @Column('bytea', { name: 'token_hash' })
  tokenHash!: Buffer;

  /** Null: before it was kept. */
  @Column('text', { name: 'invited_by_kind', nullable: true })
  invitedByKind!: Actor['kind'] | null;

  /** Bare uuid of a person or key, or the name of a part. */
  @Column('text', { name: 'invited_by_id', nullable: true })
  invitedById!: string | null;

  @Column('timestamptz', { name: 'expires_at' })
  expiresAt!: Date;

  @Column('timestamptz', { name: 'accepted_at', nullable: true })
  acceptedAt!: Date | null;

  @Column('timestamptz', { name: 'revoked_at', nullable: true })
  revokedAt!: Date | null;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt!: Date;
}
