/** The schema of the job queue. It belongs to role `worker`, and migrations install the queue's own tables in it. */
export const jobSchema = 'jobs';
