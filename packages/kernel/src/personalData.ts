import { isIP } from 'node:net';

export type PersonalDataKind = 'EMAIL' | 'PHONE' | 'NATIONAL_ID' | 'PAYMENT_CARD' | 'BANK_ACCOUNT' | 'PERSON_NAME';

const email = /[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}/i;
const dateLike = /^\d{1,4}[./-]\d{1,2}[./-]\d{1,4}\b/;
const paymentCard =
  /^(?:4(?:\d{12}|\d{15}|\d{18})|5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}|3[47]\d{13}|3(?:0[0-5]|[68]\d)\d{11}|6(?:011|5\d\d|4[4-9]\d)\d{12,15})$/;
const britishId = /^(?!BG|GB|NK|KN|TN|NT|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D]$/;

/**
 * What kind of personal data a whole value is, or null: e-mail addresses, phone numbers, social security numbers of the United States,
 * Switzerland and Britain, payment cards (issuer's prefix, length and Luhn's check), IBANs (check digits). Names of people cannot be
 * told from other words: see `isPersonNameField`.
 */
export function detectPersonalData(text: string): Exclude<PersonalDataKind, 'PERSON_NAME'> | null {
  if (text.length < 6 || text.length > 320) return null;
  if (text.includes('@')) return email.test(text) ? 'EMAIL' : null;
  const first = text.charCodeAt(0);
  const numeric = (first >= 0x30 && first <= 0x39) || first === 0x2b || first === 0x28;
  if (numeric) {
    if (/^\d{3}-\d{2}-\d{4}$/.test(text) || /^756\.\d{4}\.\d{4}\.\d{2}$/.test(text)) return 'NATIONAL_ID';
    if (/^\d[\d -]{11,22}\d$/.test(text) && isPaymentCard(text.replace(/[ -]/g, ''))) return 'PAYMENT_CARD';
    if (
      /^(\+|\(0|00?[1-9])[\d\s()./-]{7,20}$/.test(text) &&
      text.replace(/\D/g, '').length >= 8 &&
      !dateLike.test(text) &&
      isIP(text) === 0 &&
      (first === 0x2b || /[\s()/-]/.test(text))
    )
      return 'PHONE';
    return /^\d{3}[-. ]\d{3}[-. ]\d{4}$/.test(text) ? 'PHONE' : null;
  }
  if (/^[A-Z]{2}\d{2} ?[A-Z0-9 ]{11,38}$/.test(text) && isBankAccount(text.replaceAll(' ', ''))) return 'BANK_ACCOUNT';
  return britishId.test(text) ? 'NATIONAL_ID' : null;
}

const personField =
  /\b(owner|contact|manager|person|people|employee|user|assigned|assignee|responsible|requested|requester|created by|managed by|administrator|custodian|first name|last name|full name|surname)\b/;
const nameOfPerson = /^\p{Lu}[\p{L}'’.-]+(?:,? \p{Lu}[\p{L}'’.-]*){1,3}$/u;

/** Whether a field's name says that people stand in it, such as `Owner`, `contact_person` or `assignedTo`. */
export function isPersonNameField(name: string): boolean {
  return personField.test(
    name
      .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
      .replace(/[^\p{L}\p{N}]+/gu, ' ')
      .toLowerCase(),
  );
}

/** Whether a value looks like the name of a person: two to four capitalised words. */
export function looksLikePersonName(text: string): boolean {
  return text.length <= 80 && nameOfPerson.test(text);
}

/** Luhn's check over a number that an issuer of cards could have given out. */
function isPaymentCard(digits: string): boolean {
  if (!paymentCard.test(digits)) return false;
  let sum = 0;
  for (let index = 0; index < digits.length; index += 1) {
    let digit = digits.charCodeAt(digits.length - 1 - index) - 0x30;
    if (index % 2 === 1) digit = digit > 4 ? digit * 2 - 9 : digit * 2;
    sum += digit;
  }
  return sum % 10 === 0;
}

/** IBAN: the check digits, modulo 97. */
function isBankAccount(text: string): boolean {
  let remainder = 0;
  for (const character of text.slice(4) + text.slice(0, 4)) {
    const value = parseInt(character, 36);
    remainder = (remainder * (value > 9 ? 100 : 10) + value) % 97;
  }
  return text.length >= 15 && text.length <= 34 && remainder === 1;
}
