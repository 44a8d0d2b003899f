/** The register of jobs: `jobs.enqueue` takes no other name. A name stays here as long as a queue may hold a job of it. */
export const jobNames: readonly string[] = ['phase', 'delivery.tellAdmins'];
