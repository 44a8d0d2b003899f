import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The door to the job queue for jobs of every kind: of those whose names are registered, for the workspace that is bound to the
 * transaction. `jobs.enqueue_phase` stays for processes of the version before, which may run on beside this one.
 */
export class Jobs0015 implements MigrationInterface {
  readonly name = 'Jobs1763700000015';

  async up(runner: QueryRunner): Promise<void> {
    await asWorker(runner, [
      // A key is the caller's word for a job that waits: one workspace must not be able to name, and so replace, another one's.
      `create function jobs.enqueue(job_name text, payload jsonb, max_attempts integer, job_key text, run_at timestamptz)
       returns void language plpgsql security definer set search_path = '' as $body$
       declare
         workspace uuid := nullif(current_setting('app.workspace_id', true), '')::uuid;
       begin
         if workspace is null then
           raise exception 'no workspace is bound to this transaction' using errcode = '42501';
         end if;
         if not exists (select from jobs.known_job where name = job_name) then
           raise exception 'no job is called %: add it to the register of job names', job_name using errcode = '42704';
         end if;
         perform jobs.add_job(
           job_name,
           (payload || jsonb_build_object('workspaceId', workspace))::json,
           max_attempts => enqueue.max_attempts,
           job_key => workspace || '/' || job_name || '/' || enqueue.job_key,
           run_at => enqueue.run_at
         );
       end $body$`,
      'revoke all on function jobs.enqueue(text, jsonb, integer, text, timestamptz) from public',
      'grant execute on function jobs.enqueue(text, jsonb, integer, text, timestamptz) to app',
    ]);
  }

  async down(runner: QueryRunner): Promise<void> {
    await asWorker(runner, ['drop function jobs.enqueue(text, jsonb, integer, text, timestamptz)']);
  }
}

async function asWorker(runner: QueryRunner, statements: readonly string[]): Promise<void> {
  await runner.query('set local role worker');
  for (const statement of statements) await runner.query(statement);
  await runner.query('set local role owner');
}
