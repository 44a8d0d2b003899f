import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What a source said, word for word, is encrypted from here on: text instead of jsonb, and `app` may write a value anew when keys
 * change. Rows that are there stay readable, and `npm run keys:rotate` encrypts them.
 */
export class EncryptedColumns0014 implements MigrationInterface {
  readonly name = 'EncryptedColumns1763700000014';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table rejected_row alter column raw type text using raw::text');
    await runner.query('alter table discovery_flow alter column profile type text using profile::text');
    await runner.query('grant update (message, raw) on rejected_row to app');
    await runner.query('grant update (content) on discovery_source to app');
  }

  /** Values that are encrypted by now cannot be read any more, and are let go. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query('revoke update (content) on discovery_source from app');
    await runner.query('revoke update (message, raw) on rejected_row from app');
    await runner.query(
      `alter table discovery_flow alter column profile type jsonb using case when profile not like 'aes256gcm.%' then profile::jsonb end`,
    );
    await runner.query(
      `alter table rejected_row alter column raw type jsonb using case when raw like 'aes256gcm.%' then '{}' else raw::jsonb end`,
    );
  }
}
