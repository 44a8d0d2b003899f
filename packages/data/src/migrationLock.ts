/** Advisory lock of whoever changes what tables are or where they lie: one at a time. */
export const migrationLock = 7_203_001;
