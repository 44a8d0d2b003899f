/** A column of a tenant's table whose values are sealed. It is of type text, and nothing filters or sorts by it. */
export interface EncryptedColumn {
  readonly table: string;
  readonly column: string;
  /** The table's primary key without workspace_id. */
  readonly key: readonly string[];
}
