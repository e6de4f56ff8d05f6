import { expect, test } from 'vitest';
import { dateTime } from '../../../src/vcenter/transport/date-time.ts';

const twoDigits = (number: number) => String(number).padStart(2, '0');

/** Whether the calendar has a day, by JavaScript's own. */
function exists(year: number, month: number, day: number): boolean {
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

test.each([1900, 2000, 2023, 2024, 2100])('a date-time has a day of the calendar: %i', (year) => {
  for (let month = 0; month <= 13; month++)
    for (let day = 0; day <= 32; day++) {
      const text = `${year}-${twoDigits(month)}-${twoDigits(day)}T04:10:00Z`;
      expect(dateTime.safeParse(text).success, text).toBe(exists(year, month, day));
    }
});

test.each([
  '2026-11-22T04:10:00Z',
  '2026-11-22t04:10:00z',
  '0000-01-01T00:00:00Z',
  '9999-12-31T19:59:59Z',
  '2026-11-22T23:59:60Z',
  '2026-11-22T20:10:00.1Z',
  '2026-11-22T04:10:00.1234567890123456789Z',
  '2026-11-22T04:10:00+00:00',
  '2026-11-22T04:10:00-00:00',
  '2026-11-22T04:10:00+05:30',
  '2026-11-22T04:10:00.25-19:59',
  '2026-11-22T04:10:00+23:00',
])('%s is a date-time', (text) => {
  expect(dateTime.safeParse(text)).toEqual({ success: true, data: text });
});

test.each([
  '',
  '2026-11-22',
  '2026-11-22T04:10:00',
  '2026-11-22T04:10Z',
  '2026-11-22T24:00:00Z',
  '2026-11-22T30:00:00Z',
  '2026-11-22T04:60:00Z',
  '2026-11-22T04:10:61Z',
  '2026-11-22T04:10:70Z',
  '2026-11-22T04:10:00.Z',
  '2026-11-22T04:10:00,5Z',
  '2026-11-22T04:10:00+05',
  '2026-11-22T04:10:00+0530',
  '2026-11-22T04:10:00+24:00',
  '2026-11-22T04:10:00+30:00',
  '2026-11-22T04:10:00+05:60',
  '12026-11-22T04:10:00Z',
  '2026-11-22 2026-11-22T04:10:00Z',
  '2026-11-22T04:10:00Z ',
  '٢٠٢٦-11-22T04:10:00Z',
])('%j is no date-time', (text) => {
  expect(dateTime.safeParse(text).success).toBe(false);
});

test.each(['2026-11-22T04:10:00.5Z', '2026-11-22T04:10:00.5+05:30'])(
  '%s is no date-time with another character in any place',
  (text) => {
    for (let i = 0; i < text.length; i++) {
      const changed = `${text.slice(0, i)}x${text.slice(i + 1)}`;
      expect(dateTime.safeParse(changed).success, changed).toBe(false);
    }
  },
);
