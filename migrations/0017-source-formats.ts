import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Sources may be written in more languages, and a flow may be started without saying which. */
export class SourceFormats0017 implements MigrationInterface {
  readonly name = 'SourceFormats1763700000017';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table discovery_flow drop constraint discovery_flow_source_format_check');
    await runner.query(
      `alter table discovery_flow add constraint discovery_flow_source_format_check
       check (source_format in ('CSV', 'JSON', 'AUTO', 'YAML', 'XML'))`,
    );
  }

  /** Flows of the newer formats stay as they are: only new ones are held to the old list. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table discovery_flow drop constraint discovery_flow_source_format_check');
    await runner.query(
      `alter table discovery_flow add constraint discovery_flow_source_format_check
       check (source_format in ('CSV', 'JSON')) not valid`,
    );
  }
}
