import { describe, expect, test } from '@jest/globals';
import { detectPersonalData, isPersonNameField, maskPersonalData, maskPersonalText } from '@tributary/kernel';

describe('personal data', () => {
  test.each([
    ['ann@x.example', 'EMAIL'],
    ['Ann Lee <ann.lee+it@mail.x.example>', 'EMAIL'],
    ['+49 30 1234567', 'PHONE'],
    ['(030) 765-4321', 'PHONE'],
    ['555-867-5309', 'PHONE'],
    ['4111 1111 1111 1111', 'PAYMENT_CARD'],
    ['5500-0000-0000-0004', 'PAYMENT_CARD'],
    ['378282246310005', 'PAYMENT_CARD'],
    ['123-45-6789', 'NATIONAL_ID'],
    ['756.9217.0769.85', 'NATIONAL_ID'],
    ['QQ 12 34 56 C'.replace('QQ', 'AB'), 'NATIONAL_ID'],
    ['DE89 3704 0044 0532 0130 00', 'BANK_ACCOUNT'],
    ['GB82 WEST 1234 5698 7654 32', 'BANK_ACCOUNT'],
  ])('%s is recognised', (text, kind) => {
    expect(detectPersonalData(text)).toBe(kind);
  });

  test.each([
    '10.0.0.1',
    '2001:db8::1',
    'aa:bb:cc:dd:ee:ff',
    'FDO1234A5B6',
    '490154203237518',
    '352099001761481',
    '4111 1111 1111 1112',
    '2026-04-03',
    '03/04/2026 10:00',
    '03.04.2026',
    '1.2.3.4/24',
    'web-01',
    'user@host',
    'DE89 3704 0044 0532 0130 01',
    '01a1fdc7-d3b5-747a-b936-78cbb3195630',
    '17179869184',
    '5.15.0-91',
    'us-east-1a',
  ])('%s is what machines are called, and stays', (text) => {
    expect(detectPersonalData(text)).toBeNull();
    expect(maskPersonalData({ note: text })).toEqual({ note: text });
  });

  test('fields of people are told by their name', () => {
    expect(['Owner', 'contact_person', 'assignedTo', 'Last Name', 'managed-by'].map(isPersonNameField)).toEqual(
      Array(5).fill(true),
    );
    expect(['hostname', 'os name', 'username_policy', 'rack', 'ownership'].map(isPersonNameField)).toEqual(
      Array(5).fill(false),
    );
  });

  test('is masked wherever it stands in a value, and nothing else is changed', () => {
    const value = {
      owner: 'Ann Lee',
      'Owner Email': 'ann@x.example',
      rack: 'Ann Lee',
      note: 'call bob.b@x.example or +49 30 1234567, card 4111 1111 1111 1111, SSN 123-45-6789.',
      cards: ['5500-0000-0000-0004', 7],
      card: 4111111111111111,
      account: { iban: 'DE89 3704 0044 0532 0130 00' },
      ip: '10.0.0.1',
      ram: 17179869184,
      gone: null,
    };
    const before = structuredClone(value);
    expect(maskPersonalData(value)).toEqual({
      owner: 'A*** L***',
      'Owner Email': 'a***@x.example',
      rack: 'Ann Lee',
      note: 'call b***@x.example or ***67, card ***11, SSN ***.',
      cards: ['***04', 7],
      card: '***11',
      account: { iban: '***00' },
      ip: '10.0.0.1',
      ram: 17179869184,
      gone: null,
    });
    expect(value).toEqual(before);
  });

  test('a long text without any takes no time', () => {
    const started = performance.now();
    for (const text of [
      'a'.repeat(100_000),
      '1 '.repeat(50_000),
      'a@'.repeat(50_000),
      '+1'.repeat(50_000),
      'AB12 '.repeat(20_000),
    ])
      maskPersonalText(text);
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});
