import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Role } from '@tributary/contracts/roles';

/** A person in a workspace. Name and e-mail are copies of the account's, so that the API need not read accounts; a person may be called otherwise in a workspace. */
@Entity('member')
export class MemberRow {
  @PrimaryColumn('uuid', { name: 'workspace_id' })
  workspaceId!: string;

  @PrimaryColumn('uuid')
  id!: string;

  /** The account's id, which is also the user's public one. */
  @Column('uuid', { name: 'user_id' })
  userId!: string;

  @Column('text', { name: 'display_name' })
  displayName!: string;

  @Column('text')
  email!: string;

  @Column('text')
  role!: Role;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt!: Date;
}
