/** What one source may ask of us, so that memory stays bounded whatever is uploaded. */
export const sourceLimits = {
  /** Columns of a CSV, or distinct paths of one JSON record. */
  columns: 1_000,
  /** Characters of one CSV line or JSON record: 1 MB. */
  recordCharacters: 1_048_576,
  /** Characters that are read to find encoding, delimiter and layout. */
  sampleCharacters: 65_536,
  /** Characters of a JSON, YAML or XML document that is looked at whole: 8 MB. Of longer ones, one record at a time is read. */
  wholeDocument: 8_388_608,
  /** Bytes of an unpacked archive: 2 GB, and how often more they may be than the packed ones. */
  unpackedBytes: 2_147_483_648,
  unpackedRatio: 200,
  /** Members of an archive of sources, and of a workbook, whose parts are members. */
  archiveMembers: 100,
  archiveDirectory: 10_000,
  /** Bytes of a part of a workbook that is held whole, such as its styles: 16 MB. */
  workbookPart: 16_777_216,
  /** Bytes of a workbook's different texts, which are held while its sheets are read: 128 MB. */
  sharedStringBytes: 134_217_728,
  /** Characters of one cell, which are as many as a spreadsheet takes. */
  cellCharacters: 32_767,
  /** Characters that tell what a source is written in. */
  formatCharacters: 4_096,
  /** Records in a batch. */
  batchRecords: 1_000,
  /** Bytes of the source after which a batch ends before it is full: 4 MB. */
  batchBytes: 4_194_304,
  /** Depth to which nested JSON becomes dotted paths; what is deeper stays as JSON text. */
  jsonDepth: 8,
  /** Levels below `jsonDepth` that JSON text may still have. Records nested deeper are rejected. */
  jsonNesting: 64,
  /** Elements of a JSON array of objects that become paths; the others stay together as JSON text under `<path>.more`. */
  jsonArrayElements: 4,
  /** Rows with a broken quote before the whole source is refused: each costs a look ahead of up to one record. */
  brokenQuotes: 100,
  /** Characters of one cell kept in a rejected row, and cells kept of it. */
  rawCharacters: 200,
  rawCells: 50,
  /** Characters of one attribute. Longer ones are cut, and end in `…`. */
  attributeCharacters: 8_192,
} as const;
