/**
 * `npm run bench:day`: a simulated day of 5,000 videos over six models, in a few seconds and without a server. Polls per
 * video, lateness and error of the expected time, for the schedules `beat` and `learned`. The seed is fixed.
 *
 * Prints the table of docs/polling.md. Each schedule begins the day without any knowledge.
 */
import { dayTable } from './day/day-table.ts';
import { simulateDay } from './day/simulate-day.ts';

const days = { beat: simulateDay('beat'), learned: simulateDay('learned') };
process.stdout.write(`${dayTable(days)}\n`);
