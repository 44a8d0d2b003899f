import { foldId } from './foldId.js';

/** What makers and tools write where a serial number, UUID or address should be: it recognises nothing. */
const placeholders = new Set(
  (
    'to be filled by o.e.m.|to be filled by o.e.m|default string|system serial number|chassis serial number|base board serial number|' +
    'not specified|not applicable|not available|none|n/a|na|null|unknown|invalid|empty|oem|o.e.m.|serial|serial number|serialnumber|' +
    '0123456789|123456789|1234567890|12345678|1234567|xxxxxxxx|xxxxxxxxxx|no serial|no serial number|no asset tag|no asset information|' +
    'asset-1234567890|asset tag|not settable|not defined|undefined|oem default|default|system product name|type1productconfigid|' +
    'sernum|ssn12345678901234567|mb-1234567890|eval|bochs|qemu|dhcp|(not tagged)|not tagged|pending|tbd'
  ).split('|'),
);
/** UUIDs that whole series of machines share. */
const sharedUuids = new Set([
  '00000000-0000-0000-0000-000000000000',
  'ffffffff-ffff-ffff-ffff-ffffffffffff',
  '03000200-0400-0500-0006-000700080009',
  '00020003-0004-0005-0006-000700080009',
  '12345678-1234-5678-90ab-cddeefaabbcc',
  '11111111-2222-3333-4444-555555555555',
  '4c4c4544-0000-2010-8020-80c04f202020',
  'fefefefe-fefe-fefe-fefe-fefefefefefe',
]);

/** Whether an id says nothing about which asset it is. */
export function isPlaceholderId(id: string): boolean {
  const plain = id.trim().toLowerCase();
  if (placeholders.has(plain)) return true;
  const bare = foldId(id);
  return sharedUuids.has(bare) || /^([0x.\-:]|ff)+$/.test(plain) || /^(.)\1{5,}$/.test(plain);
}

/** `1.23457E+14`: a spreadsheet has cut the digits off. */
export function isMangledNumber(id: string): boolean {
  return /^\d([.,]\d+)?E\+\d{1,3}$/i.test(id.trim());
}
