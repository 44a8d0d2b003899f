import pg from 'pg';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { QueryRunner } from 'typeorm';
import { lockTenantTable } from '@tributary/data';

/** A table of the tests' own, locked as every table is. */
@Entity('note')
export class NoteRow {
  @PrimaryColumn('uuid', { name: 'workspace_id' }) workspaceId!: string;
  @PrimaryColumn('uuid') id!: string;
  @Column('text') body!: string;
  @Column('jsonb', { nullable: true }) labels!: string[] | null;
  @Column('integer') version!: number;
  @Column('timestamptz', { name: 'updated_at' }) updatedAt!: Date;
}

export async function createNoteTable(superuserUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: superuserUrl });
  await client.connect();
  try {
    await client.query('set role owner');
    await client.query(`
      create table note (
        workspace_id uuid not null, id uuid not null, body text not null, labels jsonb,
        version integer not null default 1, updated_at timestamptz not null default now(),
        primary key (workspace_id, id))`);
    const runner = { query: (text: string) => client.query(text) } as unknown as QueryRunner;
    await lockTenantTable(runner, 'note', ['select', 'insert', 'update', 'delete']);
  } finally {
    await client.end();
  }
}
