import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Sources may be workbooks, of which one sheet may be asked for, and people may say what a source's text is encoded in. */
export class SourceSheets0025 implements MigrationInterface {
  readonly name = 'SourceSheets1763700000025';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table discovery_flow drop constraint discovery_flow_source_format_check');
    await runner.query(
      `alter table discovery_flow add constraint discovery_flow_source_format_check
       check (source_format in ('CSV', 'JSON', 'AUTO', 'YAML', 'XML', 'XLSX'))`,
    );
    await runner.query('alter table discovery_flow add column source_encoding text, add column source_sheet text');
  }

  /** Flows of workbooks stay as they are: only new ones are held to the old list. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table discovery_flow drop column source_encoding, drop column source_sheet');
    await runner.query('alter table discovery_flow drop constraint discovery_flow_source_format_check');
    await runner.query(
      `alter table discovery_flow add constraint discovery_flow_source_format_check
       check (source_format in ('CSV', 'JSON', 'AUTO', 'YAML', 'XML')) not valid`,
    );
  }
}
