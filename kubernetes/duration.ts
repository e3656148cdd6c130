const second = 1000,
  minute = 60 * second,
  hour = 60 * minute,
  day = 24 * hour,
  year = 365 * day;

/** Two units when the smaller is not zero: `5m30s`, `5m`. */
const pair = (larger: string, smaller: number, unit: string): string =>
  smaller === 0 ? larger : `${larger}${smaller}${unit}`;

/** A duration in milliseconds as kubectl prints it (apimachinery's HumanDuration): `45s`, `5m30s`, `3h`, `2d4h`, `3y`. */
export function formatDuration(milliseconds: number): string {
  if (Number.isNaN(milliseconds)) return '<unknown>';
  if (milliseconds < -second) return '<invalid>';
  if (milliseconds < 0) return '0s';
  const count = (unit: number): number => Math.floor(milliseconds / unit);
  if (milliseconds < 2 * minute) return `${count(second)}s`;
  if (milliseconds < 10 * minute) return pair(`${count(minute)}m`, count(second) % 60, 's');
  if (milliseconds < 3 * hour) return `${count(minute)}m`;
  if (milliseconds < 8 * hour) return pair(`${count(hour)}h`, count(minute) % 60, 'm');
  if (milliseconds < 2 * day) return `${count(hour)}h`;
  if (milliseconds < 8 * day) return pair(`${count(day)}d`, count(hour) % 24, 'h');
  if (milliseconds < 2 * year) return `${count(day)}d`;
  if (milliseconds < 8 * year) return pair(`${count(year)}y`, count(day) % 365, 'd');
  return `${count(year)}y`;
}
