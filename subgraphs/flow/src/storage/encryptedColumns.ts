import type { EncryptedColumn } from '@tributary/data/encryption';

const ofFlow = ['flow_id'];
const ofRow = ['flow_id', 'line'];

/** A source that was handed over inside the mutation. */
export const sourceContent: EncryptedColumn = { table: 'discovery_source', column: 'content', key: ofFlow };
/** Names of columns, and samples of what is in them. */
export const sourceProfile: EncryptedColumn = { table: 'discovery_flow', column: 'profile', key: ofFlow };
/** Quotes the row. */
export const rejectedMessage: EncryptedColumn = { table: 'rejected_row', column: 'message', key: ofRow };
export const rejectedRaw: EncryptedColumn = { table: 'rejected_row', column: 'raw', key: ofRow };

/** Columns that hold what customers' sources say word for word. `keys:rotate` goes over all of them. */
export const flowEncryptedColumns: readonly EncryptedColumn[] = [
  sourceContent,
  sourceProfile,
  rejectedMessage,
  rejectedRaw,
];
